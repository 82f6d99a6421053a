package model

// allocate shares the run's media, brand and team cost out over the slices
// (docs/model.md, section 3.10). Every slicing sums to the company's total.
//
// A channel's media goes to sizes, industries and regions by touches made (to regions by spend, where that differs
// between them), to products and teams by its sign-ups. Brand goes to regions by spend and inside
// a region to everything else by sign-ups. A team's pay goes by first contacts, screenings
// counted by the time that they take.
// Where a rule's total is zero the number of firms decides for sizes, industries
// and regions, else the row "unassigned" takes it.
func (t *tally) allocate(s *State) {
	n := len(s.w.cells)
	for c, usd := range s.money.mediaOf {
		t.row(0)[colMedia] += usd
		t.row(t.rowChannel + c)[colMedia] += usd
		regional := s.w.tl.UnevenSpend(c)
		overCells(t, s, t.touchCell[1][c*n:(c+1)*n], colMedia, usd, regional)
		if regional && usd > 0 {
			in := s.money.mediaIn[c*t.regions : (c+1)*t.regions]
			t.spread(t.rowRegion, t.regions, colMedia, usd, func(r int) float64 { return in[r] })
		}
		overSizes(t, s, t.touchCell[1][c*n:(c+1)*n], t.rowChannelSize+c*t.sizes, colMedia, usd)
		t.spread(t.rowProduct, t.products, colMedia, usd, func(i int) (x float64) {
			for r := 0; r < t.regions; r++ {
				x += float64(t.signProd[(c*t.regions+r)*t.products+i])
			}
			return x
		})
		t.spread(t.rowTeam, t.teams, colMedia, usd, func(i int) (x float64) {
			for r := 0; r < t.regions; r++ {
				x += float64(t.signTeam[(c*t.regions+r)*t.teams+i])
			}
			return x
		})
	}
	for r, usd := range s.money.brandIn {
		t.row(0)[colBrand] += usd
		t.row(t.rowRegion + r)[colBrand] += usd
		t.brandOf(s, r, usd)
	}
	for k, usd := range s.money.payOf {
		t.row(0)[colSales] += usd
		t.row(t.rowTeam + k)[colSales] += usd
		of := t.oppCell[k*t.channels*n : (k+1)*t.channels*n]
		products := t.oppProd[k*t.products : (k+1)*t.products]
		if t.screening == nil {
			payBy(t, s, usd, of, products, t.cellScratch)
			continue
		}
		// Screening takes the time of a share of an opportunity.
		work, made := t.screening[k*t.channels*n:(k+1)*t.channels*n], t.screenFor[k*t.products:(k+1)*t.products]
		for i, x := range of {
			work[i] += float64(x)
		}
		for i, x := range products {
			made[i] += float64(x)
		}
		payBy(t, s, usd, work, made, t.workScratch)
	}
	t.countStages(s)
}

// amount is a count, or a sum of counts and shares.
type amount interface{ uint32 | float64 }

// payBy shares the pay of a team out by the work that it did: first contacts by channel and cell, and by product.
func payBy[N amount](t *tally, s *State, usd float64, work, products, cells []N) {
	n := len(cells)
	clear(cells)
	for c := range t.channels {
		for i, x := range work[c*n : (c+1)*n] {
			cells[i] += x
		}
	}
	overCells(t, s, cells, colSales, usd, false)
	byChannel := t.channelScratch
	for c := range byChannel {
		byChannel[c] = sum(work[c*n : (c+1)*n])
	}
	t.spread(t.rowChannel, t.channels, colSales, usd, func(c int) float64 { return byChannel[c] })
	t.spread(t.rowProduct, t.products, colSales, usd, func(i int) float64 { return float64(products[i]) })
	overChannelSizes(t, s, colSales, usd, func(c int) []N { return work[c*n : (c+1)*n] }, -1)
}

// countStages enters touches, leads, sign-ups and first contacts into the slices.
func (t *tally) countStages(s *State) {
	n := len(s.w.cells)
	for c := 0; c < t.channels; c++ {
		for i, cell := range s.w.cells {
			touches, leads, real, signs := t.touchCell[1][c*n+i], t.leadCell[c*n+i], t.realCell[c*n+i], t.signCell[c*n+i]
			if touches|leads|signs == 0 {
				continue
			}
			for _, r := range [...]int{0, t.rowChannel + c, t.rowSize + cell.Size, t.rowIndustry + cell.Industry,
				t.rowRegion + cell.Region, t.rowChannelSize + c*t.sizes + cell.Size} {
				row := t.row(r)
				row[colTouches] += float64(touches)
				row[colLeads] += float64(leads)
				row[colRealLeads] += float64(real)
				row[colSignups] += float64(signs)
			}
		}
		for r := 0; r < t.regions; r++ {
			for i := 0; i < t.products; i++ {
				t.row(t.rowProduct + i)[colSignups] += float64(t.signProd[(c*t.regions+r)*t.products+i])
			}
			for i := 0; i < t.teams; i++ {
				t.row(t.rowTeam + i)[colSignups] += float64(t.signTeam[(c*t.regions+r)*t.teams+i])
			}
		}
		for k := 0; k < t.teams; k++ {
			for i, x := range t.oppCell[(k*t.channels+c)*n : (k*t.channels+c+1)*n] {
				if x == 0 {
					continue
				}
				cell := &s.w.cells[i]
				for _, r := range [...]int{0, t.rowChannel + c, t.rowSize + cell.Size, t.rowIndustry + cell.Industry,
					t.rowRegion + cell.Region, t.rowTeam + k, t.rowChannelSize + c*t.sizes + cell.Size} {
					t.row(r)[colOpportunities] += float64(x)
				}
			}
		}
	}
	for k := 0; k < t.teams; k++ {
		for i := 0; i < t.products; i++ {
			t.row(t.rowProduct + i)[colOpportunities] += float64(t.oppProd[k*t.products+i])
		}
	}
}

func (t *tally) row(r int) []float64 { return t.rows[r*colSums : (r+1)*colSums] }

func sum[N amount](list []N) (x float64) {
	for _, n := range list {
		x += float64(n)
	}
	return x
}

// spread shares an amount over the rows of a dimension in proportion to a
// weight; the row after the last takes it where the weights are zero.
func (t *tally) spread(first, n, column int, usd float64, weight func(i int) float64) {
	var total float64
	for i := 0; i < n; i++ {
		total += weight(i)
	}
	if total == 0 {
		t.row(first + n)[column] += usd
		return
	}
	for i := 0; i < n; i++ {
		t.row(first + i)[column] += usd * weight(i) / total
	}
}

// overCells shares an amount over sizes, industries and (unless the region is
// known) regions by counts per cell, or by firms where all counts are zero.
func overCells[N amount](t *tally, s *State, count []N, column int, usd float64, regionKnown bool) {
	if usd == 0 {
		return
	}
	total := sum(count)
	byFirms := total == 0
	if byFirms {
		for _, n := range s.w.firms {
			total += float64(n)
		}
	}
	for i := range s.w.cells {
		x := float64(count[i])
		if byFirms {
			x = float64(s.w.firms[i])
		}
		if x == 0 {
			continue
		}
		c := &s.w.cells[i]
		part := usd * x / total
		t.row(t.rowSize + c.Size)[column] += part
		t.row(t.rowIndustry + c.Industry)[column] += part
		if !regionKnown {
			t.row(t.rowRegion + c.Region)[column] += part
		}
	}
}

// overSizes shares an amount over one row per size class by counts per cell, or
// by firms where all are zero.
func overSizes[N amount](t *tally, s *State, count []N, first, column int, usd float64) {
	if usd == 0 {
		return
	}
	total := sum(count)
	byFirms := total == 0
	if byFirms {
		for _, n := range s.w.firms {
			total += float64(n)
		}
	}
	for i := range s.w.cells {
		x := float64(count[i])
		if byFirms {
			x = float64(s.w.firms[i])
		}
		t.row(first + s.w.cells[i].Size)[column] += usd * x / total
	}
}

// overChannelSizes shares an amount over the rows of channel x size by counts
// per channel and cell, of one region or (-1) all; where all are zero the
// unassigned channel takes it, by firms.
func overChannelSizes[N amount](t *tally, s *State, column int, usd float64, count func(c int) []N, region int) {
	if usd == 0 {
		return
	}
	var total float64
	for c := 0; c < t.channels; c++ {
		for i, x := range count(c) {
			if region < 0 || s.w.cells[i].Region == region {
				total += float64(x)
			}
		}
	}
	if total == 0 {
		overSizes(t, s, t.noCounts, t.rowChannelSize+t.channels*t.sizes, column, usd)
		return
	}
	for c := 0; c < t.channels; c++ {
		for i, x := range count(c) {
			if cell := &s.w.cells[i]; x > 0 && (region < 0 || cell.Region == region) {
				t.row(t.rowChannelSize + c*t.sizes + cell.Size)[column] += usd * float64(x) / total
			}
		}
	}
}

// brandOf shares one region's brand spend out by the region's sign-ups.
func (t *tally) brandOf(s *State, region int, usd float64) {
	if usd == 0 {
		return
	}
	n := len(s.w.cells)
	inRegion, byChannel := t.cellScratch, t.channelScratch
	clear(inRegion)
	clear(byChannel)
	for c := 0; c < t.channels; c++ {
		for i, x := range t.signCell[c*n : (c+1)*n] {
			if s.w.cells[i].Region == region {
				inRegion[i] += x
				byChannel[c] += float64(x)
			}
		}
	}
	overCells(t, s, inRegion, colBrand, usd, true)
	t.spread(t.rowChannel, t.channels, colBrand, usd, func(c int) float64 { return byChannel[c] })
	t.spread(t.rowProduct, t.products, colBrand, usd, func(i int) (x float64) {
		for c := 0; c < t.channels; c++ {
			x += float64(t.signProd[(c*t.regions+region)*t.products+i])
		}
		return x
	})
	t.spread(t.rowTeam, t.teams, colBrand, usd, func(i int) (x float64) {
		for c := 0; c < t.channels; c++ {
			x += float64(t.signTeam[(c*t.regions+region)*t.teams+i])
		}
		return x
	})
	overChannelSizes(t, s, colBrand, usd, func(c int) []uint32 { return t.signCell[c*n : (c+1)*n] }, region)
}
