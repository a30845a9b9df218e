// Package bot holds the words that the rooms of Amana share, and no deeds.
package bot
