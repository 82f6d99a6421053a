package main

func (r *Release) page() string { return "" }
