//go:build !race

package main

const usualKills, usualCrowd = 100, 16

const walkedLanguages, walkedOfStories = 99, 1
