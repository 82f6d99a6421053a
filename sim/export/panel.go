package export

import (
	"cmp"
	"math"
	"slices"

	"windfall/model"
	"windfall/model/plan"
)

// Panel is what an analyst sees of one replication, week by week, and what is behind it. Money is in whole cents whose
// sums are those of the run's own books, to the cent. Lists are by region, and by channel (or medium) and region, each
// with a number per week.
type Panel struct {
	Start plan.Date
	Weeks int // of the run
	Lived int // weeks until the vendor is out of business: Weeks if it is not. In later ones all is 0

	Regions, Channels, Media, Products []string

	Leads, Signups, Won, MRR          [][]float64 // MRR: first monthly bills of the customers won
	Customers, Population, BrandSpend [][]float64 // customers and firms at the week's end

	Touches, Spend                   [][][]float64
	LeadsBy, SignupsBy, WonBy, MRRBy [][][]float64 // by the channel that is credited
	MediaSpend                       [][][]float64

	Season, Economy []float64     // triggers expected: for the season, and for the economy, over a mean of 1
	Price           [][]float64   // by product: list price; missing where it is not sold
	National        [][]float64   // by column of the weekly table
	Columns         []plan.Column // of National

	// What no analyst sees.
	Salience, Equity [][]float64
	Adstock          [][]float64 // by channel: at the week's end, the mean over regions by the parts of its budget
	AdstockIn        [][][]float64
	HalfSaturation   [][]float64 // by channel: USD a week, for the firms that it addresses
	Curves           [][]Curve   // by channel: the rest of its curve
	PerFirm          []float64   // firms for which money is stated over those there are; 1 if none are stated
	Rate, Lift       [][][]float64
	Brand            []plan.Brand   // by week: how it builds and fades
	MediaCurves      [][]MediaCurve // by medium and region, of the first week
	Cells            [2][]int       // firms at the end of the first and of the last week, by cell
}

// Curve is what makes touches of money, and leads of touches.
type Curve struct {
	HalfLife, Shape, Cost  float64 // of the adstock in weeks, of the Hill curve, the price level
	Most, Response, Weight float64 // touches a week at full drive, the chance to raise a hand, what a touch adds
	Halo, Equity, Live     float64 // the pull of the brand; half-saturations of drivers brand and customers
}

// MediaCurve is what makes pressure on the brand of money spent on a medium in a region.
type MediaCurve struct{ HalfSaturation, Reference, Shape, Cost, ToSalience, ToEquity float64 }

// Of is a column of the weekly table of the run by week; nil if there is none.
func (p *Panel) Of(name string) []float64 {
	if i := slices.IndexFunc(p.Columns, func(c plan.Column) bool { return c.Name == name }); i >= 0 {
		return p.National[i]
	}
	return nil
}

// Total is the sum of numbers by region and week.
func Total(by [][]float64) (sum float64) {
	for _, weeks := range by {
		for _, x := range weeks {
			sum += x
		}
	}
	return sum
}

// two and three make lists of numbers in one piece of memory.
func two(n, weeks int) [][]float64 {
	all := make([]float64, n*weeks)
	out := make([][]float64, n)
	for i := range out {
		out[i] = all[i*weeks : (i+1)*weeks : (i+1)*weeks]
	}
	return out
}

func three(m, n, weeks int) [][][]float64 {
	all := two(m*n, weeks)
	out := make([][][]float64, m)
	for i := range out {
		out[i] = all[i*n : (i+1)*n : (i+1)*n]
	}
	return out
}

// newPanel makes an empty panel of a plan.
func newPanel(p *plan.Plan, columns []plan.Column) *Panel {
	regions, channels := p.Dimension("region"), p.Dimension("channel")
	weeks, R, C := int(p.Run.Weeks), len(regions), len(channels)
	x := &Panel{Start: p.Run.Start, Weeks: weeks, Regions: regions, Channels: channels,
		Products: p.Dimension("product"), Columns: columns}
	for i := range p.Media {
		x.Media = append(x.Media, p.Media[i].Name)
	}
	for _, by := range x.byRegion() {
		*by = two(R, weeks)
	}
	for _, by := range x.byChannel() {
		*by = three(C, R, weeks)
	}
	x.MediaSpend = three(len(x.Media), R, weeks)
	x.Season, x.Economy, x.PerFirm = make([]float64, weeks), make([]float64, weeks), make([]float64, weeks)
	x.Price, x.National = two(len(x.Products), weeks), two(len(columns), weeks)
	x.Adstock, x.HalfSaturation = two(C, weeks), two(C, weeks)
	for range channels {
		x.Curves = append(x.Curves, make([]Curve, weeks))
	}
	x.Brand = make([]plan.Brand, weeks)
	for range x.Media {
		x.MediaCurves = append(x.MediaCurves, make([]MediaCurve, R))
	}
	return x
}

// byRegion are its numbers by region and week, and byChannel those by channel, region and week.
func (p *Panel) byRegion() []*[][]float64 {
	return []*[][]float64{&p.Leads, &p.Signups, &p.Won, &p.Customers, &p.MRR, &p.Population, &p.BrandSpend, &p.Salience,
		&p.Equity}
}

func (p *Panel) byChannel() []*[][][]float64 {
	return []*[][][]float64{&p.Touches, &p.Spend, &p.LeadsBy, &p.SignupsBy, &p.WonBy, &p.MRRBy, &p.Rate, &p.Lift,
		&p.AdstockIn}
}

// clear forgets a replication. The memory of numbers by region, or by channel and region, is one piece.
func (p *Panel) clear() {
	p.Lived = 0
	lists := [][][]float64{p.Price, p.National, p.Adstock, p.HalfSaturation, {p.Season, p.Economy, p.PerFirm}}
	for _, by := range p.byRegion() {
		lists = append(lists, *by)
	}
	for _, by := range append(p.byChannel(), &p.MediaSpend) {
		lists = append(lists, *by...)
	}
	for _, list := range lists {
		for _, weeks := range list {
			clear(weeks)
		}
	}
}

// Observer fills a panel with what the engine tells it of a replication, and uses it again for the next. It belongs to
// one goroutine.
type Observer struct {
	panel        *Panel
	cells        []model.Cell
	media, brand int         // columns of the weekly table: spend of the channels, and on brand media
	reach        [][]float64 // by channel and region: firms that it reaches, by the numbers and firms that follow
	reachOf      *plan.Plan
	byRegion     []bool    // by channel: its spend differs between regions
	parts        []float64 // by region: of the budget of a channel at work
	firmsOf      []int

	ofChannels, inRegions, cents []int64 // for dealing out
	rest                         []float64
	order                        []int
}

var _ model.Observer = (*Observer)(nil)

// NewObserver makes an observer of replications of a plan.
func NewObserver(p *plan.Plan) *Observer {
	columns := model.NewSchema(p).Weekly
	at := func(name string) int {
		return slices.IndexFunc(columns, func(c plan.Column) bool { return c.Name == name })
	}
	o := &Observer{panel: newPanel(p, columns), cells: model.Cells(p), media: at("media"), brand: at("brand")}
	o.reach = two(len(o.panel.Channels), len(o.panel.Regions))
	o.parts = make([]float64, len(o.panel.Regions))
	t := plan.NewTimeline(p)
	for c := range o.panel.Channels {
		o.byRegion = append(o.byRegion, t.SpendsByRegion(c))
	}
	return o
}

// Panel is that of the replication in hand. It is filled again by the next.
func (o *Observer) Panel() *Panel { return o.panel }

// Asks implements model.Observer.
func (o *Observer) Asks() model.Events { return model.Weeks }

// Begin implements model.Observer.
func (o *Observer) Begin() {
	o.reachOf = nil // numbers are drawn anew
	o.panel.clear()
}

// Lead, Contact, Win and Touch implement model.Observer: it does not ask for them.
func (o *Observer) Lead(*model.Lead)       {}
func (o *Observer) Contact(*model.Contact) {}
func (o *Observer) Win(*model.Win)         {}
func (o *Observer) Touch(*model.TouchMade) {}

// Week implements model.Observer.
func (o *Observer) Week(k *model.Week) {
	x, week, R := o.panel, k.Week, len(o.panel.Regions)
	x.Lived = week + 1
	for i := range k.Touches {
		c, r := i/R, i%R
		x.Touches[c][r][week] = float64(k.Touches[i])
		for _, n := range [...]struct {
			by, all [][]float64
			number  float64
		}{{x.LeadsBy[c], x.Leads, float64(k.Leads[i])}, {x.SignupsBy[c], x.Signups, float64(k.Signups[i])},
			{x.WonBy[c], x.Won, float64(k.Won[i])}, {x.MRRBy[c], x.MRR, math.Round(k.Bills[i]*100) / 100}} {
			n.by[r][week] = n.number
			n.all[r][week] += n.number
		}
		x.Rate[c][r][week], x.Lift[c][r][week], x.AdstockIn[c][r][week] = k.Rate[i], k.Lift[i], k.Adstock[i]
	}
	o.curves(k)
	for r := range x.Regions {
		x.Customers[r][week] = float64(k.Customers[r])
		x.Salience[r][week], x.Equity[r][week] = k.Salience[r], k.Equity[r]
	}
	x.Cells[1] = append(x.Cells[1][:0], k.Firms...)
	for i, firms := range k.Firms {
		x.Population[o.cells[i].Region][week] += float64(firms)
	}
	if week == 0 {
		x.Cells[0] = append(x.Cells[0][:0], k.Firms...)
		o.curvesOfMedia(k.Plan)
	}
	x.Season[week], x.Economy[week] = k.Season, k.Economy
	first := x.Start + plan.Date(7*week)
	for i := range k.Plan.Products {
		pr := &k.Plan.Products[i]
		if x.Price[i][week] = pr.Price; !pr.Enabled || pr.FirstSale > first {
			x.Price[i][week] = math.NaN()
		}
	}
	for i, number := range k.Row {
		x.National[i][week] = number
	}
	o.spend(k)
}

// curves notes what makes touches of money in a week.
func (o *Observer) curves(k *model.Week) {
	x, week := o.panel, k.Week
	x.Brand[week], x.PerFirm[week] = k.Plan.Brand, k.PerFirm
	for c := range x.Channels {
		ch := &k.Plan.Channels[c]
		first := k.Adstock[c*len(x.Regions)]
		x.Adstock[c][week] = first
		ch.SpendParts(k.Plan, o.parts)
		for r, part := range o.parts {
			x.Adstock[c][week] += float64(part * (k.Adstock[c*len(x.Regions)+r] - first))
		}
		x.HalfSaturation[c][week] = ch.HalfSaturation * k.Targeting[c]
		x.Curves[c][week] = Curve{ch.AdstockHalfLifeWeeks, ch.Shape, ch.CostMultiplier, ch.MaxTouchesPerWeek, ch.Response,
			ch.Weight, ch.Halo, ch.HalfSaturationEquity, ch.HalfSaturationCustomers}
	}
}

// curvesOfMedia notes the curves of brand media in the first week.
func (o *Observer) curvesOfMedia(p *plan.Plan) {
	x := o.panel
	firms := make([]float64, len(x.Regions))
	for r := range firms {
		firms[r] = x.Population[r][0]
	}
	for q := range p.Media {
		m := &p.Media[q]
		half, reference := m.ByRegion(&m.HalfSaturation, p, firms), m.ByRegion(&m.ReferenceBudget, p, firms)
		for r := range firms {
			x.MediaCurves[q][r] = MediaCurve{half[r], reference[r], m.Shape, m.CostMultiplier, m.ToSalience, m.ToEquity}
		}
	}
}

// spend deals the money of the week out, in whole cents, so that it adds up to that of the books.
func (o *Observer) spend(k *model.Week) {
	x, week, R := o.panel, k.Week, len(o.panel.Regions)
	o.measure(k)
	o.ofChannels = append(o.ofChannels[:0], o.deal(k.Row[o.media], k.Media)...)
	for c, cents := range o.ofChannels {
		parts := o.reach[c]
		if o.byRegion[c] {
			parts = k.MediaIn[c*R : (c+1)*R]
		}
		for r, part := range o.deal(float64(cents)/100, parts) {
			x.Spend[c][r][week] = float64(part) / 100
		}
	}
	o.inRegions = append(o.inRegions[:0], make([]int64, R)...)
	for i, cents := range o.deal(k.Row[o.brand], k.Brand) {
		x.MediaSpend[i/R][i%R][week] = float64(cents) / 100
		o.inRegions[i%R] += cents
	}
	for r, cents := range o.inRegions {
		x.BrandSpend[r][week] = float64(cents) / 100
	}
}

// measure counts the firms that each channel reaches in each region. The money of a channel that spends alike
// everywhere is dealt out over the regions by them, by all firms if it reaches nobody.
func (o *Observer) measure(k *model.Week) {
	if o.reachOf == k.Plan && slices.Equal(o.firmsOf, k.Firms) {
		return
	}
	o.reachOf, o.firmsOf = k.Plan, append(o.firmsOf[:0], k.Firms...)
	for c := range o.reach {
		m := &k.Plan.Channels[c].Reach
		reached := 0.0
		clear(o.reach[c])
		for i, cell := range o.cells {
			n := float64(float64(k.Firms[i]) * m.Size[cell.Size] * m.Industry[cell.Industry] * m.Region[cell.Region])
			o.reach[c][cell.Region] += n
			reached += n
		}
		for i, cell := range o.cells {
			if reached == 0 {
				o.reach[c][cell.Region] += float64(k.Firms[i])
			}
		}
	}
}

// deal deals an amount of whole cents out in proportion to parts: by largest remainder, ties in their order. Its list
// is used again. Without parts nobody gets anything, as there is nothing to deal out then.
func (o *Observer) deal(usd float64, parts []float64) []int64 {
	total := int64(math.Round(usd * 100))
	sum := 0.0
	for _, part := range parts {
		sum += part
	}
	o.cents, o.rest, o.order = o.cents[:0], o.rest[:0], o.order[:0]
	left := total
	for i, part := range parts {
		exact := 0.0
		if sum > 0 {
			exact = float64(float64(total) * (part / sum))
		}
		whole := math.Floor(exact)
		o.cents, o.rest, o.order = append(o.cents, int64(whole)), append(o.rest, exact-whole), append(o.order, i)
		left -= int64(whole)
	}
	if sum == 0 || left == 0 {
		return o.cents
	}
	slices.SortStableFunc(o.order, func(a, b int) int { return cmp.Compare(o.rest[b], o.rest[a]) })
	for k := 0; left > 0; k = (k + 1) % len(o.order) {
		if i := o.order[k]; parts[i] > 0 {
			o.cents[i]++
			left--
		}
	}
	return o.cents
}
