// Package model is the simulated market and the vendor in it.
package model
