package plots

// Called is what people call the measure: Live customers, Fully loaded CAC.
func (m Measure) Called() string { return m.label() }

// Inside is the same as it stands inside a sentence.
func (m Measure) Inside() string { return midSentence(m.label()) }

// OnAxis is the measure with its unit, for the end of an axis.
func (m Measure) OnAxis() string { return m.axis() }
