// Package export writes what an analyst has of a replication, and what is true of it: the weekly panel by region and
// channel, logs of touches, customers and firms, and beside them, in files of their own, what each channel really
// brought, the true curves and carry-over, and the brand's stocks.
package export

import (
	"windfall/model"
	"windfall/model/plan"
)

// Observe gives the panel of one replication of a plan, from 0, with the seed of its run.
func Observe(p *plan.Plan, replication int) (*Panel, error) {
	r, err := NewRunner(p)
	if err != nil {
		return nil, err
	}
	return r.Run(uint64(p.Run.Seed), replication)[0], nil
}

// Runner gives panels of plans that are run in pairs: on the same random numbers, sharing what they can. It belongs to
// one goroutine. What is made once for all replications is made by NewRunner.
type Runner struct {
	group   *model.Group
	records []*plan.Record
	panels  []*Panel
}

// NewRunner makes a runner of some plans.
func NewRunner(plans ...*plan.Plan) (*Runner, error) {
	r := &Runner{}
	var all []*model.Prepared
	var observers []model.Observer
	for _, p := range plans {
		pr, err := model.Prepare(p)
		if err != nil {
			return nil, err
		}
		o := NewObserver(p)
		all, observers = append(all, pr), append(observers, o)
		r.records, r.panels = append(r.records, pr.Schema().NewRecord()), append(r.panels, o.Panel())
	}
	r.group = model.NewGroup(all)
	r.group.Observers = observers
	return r, nil
}

// Run runs one replication of each plan and gives their panels, which the next call fills anew.
func (r *Runner) Run(seed uint64, replication int) []*Panel {
	r.group.Replicate(seed, replication, r.records)
	for i, p := range r.panels {
		p.Complete(r.records[i])
	}
	return r.panels
}

// Records are those of the replication in hand, by plan.
func (r *Runner) Records() []*plan.Record { return r.records }

// Complete takes the weeks after the vendor is out of business from the record of the replication.
func (p *Panel) Complete(rec *plan.Record) {
	n := len(p.Columns)
	for week := p.Lived; week < p.Weeks; week++ {
		for i := range p.Columns {
			p.National[i][week] = rec.Weekly[week*n+i]
		}
	}
}
