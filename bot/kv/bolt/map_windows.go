package bolt

// canMapAhead says that a map may be longer than its file. Here the file would be stretched to the length of the map.
const canMapAhead = false
