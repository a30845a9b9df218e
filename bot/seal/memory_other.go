//go:build !linux

package seal

// inMemory is never sure where it cannot ask.
func inMemory(string) (bool, error) { return false, nil }
