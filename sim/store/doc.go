// Package store keeps what a command writes: a folder that one process at a time
// writes to, files that are whole or not there, and sums by which damage is found.
//
// A folder is ours if its manifest.json says so: its first key is "windfall", with
// the command whose results it holds. [Take] makes a new or empty folder ours, takes
// up one of the same command, and refuses any other. So nobody's files are replaced
// but our own.
//
// Whoever writes holds a lock on the folder. It is the system's lock on a file, not
// the file, so it ends with the process, however that ends.
//
// A file is written under a temporary name (.windfall-RANDOM.tmp) and renamed. What a
// killed process leaves behind under such names is removed by the next that takes the
// folder. [Folder.Commit] puts what was written onto the disk, and then the manifest,
// which holds the size and the sum of every file, and its own sum.
//
// What is run is kept in blocks of 50 replications, column by column ([Series]), each a
// file with a checksum that says which design it is of. A block that is damaged, or of
// another design, counts as missing. [Parts] puts the blocks of several folders
// together.
//
// [Name] makes the name of every file and folder that is made of a text.
package store
