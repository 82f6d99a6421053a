// Package result keeps the results of a run: blocks of replications while they
// are made, and the tables, the summary and the dictionary made from them.
//
// A results folder holds
//
//	manifest.json      which run this is, who made it and when
//	scenario.toml      the resolved scenario
//	columns.json, .csv the dictionary: every column with unit and meaning
//	blocks/            the replications, 50 to a file; all else is made from them
//	summary.json       the run in numbers (package analysis)
//	replications       one row a replication: outcomes and the inputs drawn
//	weekly             replication x week
//	months, quarters   replication x calendar month and quarter
//	slices             replication x channel, size, industry, region, product, team
//
// The last five are CSV or Parquet. A block depends on the plan, the seed and
// its number alone, so it does not matter who made it, where, or in which run.
// Finished blocks are never changed; tables and summary are made from them at
// the end, in the order of the blocks, once. The folder of a shard holds blocks
// and no tables: merging shards copies the blocks together and makes the tables
// as a single run would.
//
// Package store writes the files, whole or not at all, and holds the folder for one
// process; package table writes tables and dictionary; the manifest has their sums. A
// block ends in a checksum of its own, and one that does not match is made again.
package result
