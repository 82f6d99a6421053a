package plots

import "windfall/plots/picture"

// Of is the drawing of a picture that is data.
func Of(d picture.Data) Drawing {
	switch d := d.(type) {
	case picture.Bars:
		return Bars(d)
	case picture.Curve:
		return Curve(d)
	case picture.Heat:
		return Heat(d)
	case picture.Pause:
		return Pause(d)
	case picture.Response:
		return Response(d)
	case picture.Tradeoff:
		return Tradeoff(d)
	}
	panic("plots: no drawing of a picture of kind " + d.Kind())
}
