package plots

// NumberFormat is the way in which pictures and tables write numbers of the
// measure.
func (m Measure) NumberFormat() Format { return m.format() }
