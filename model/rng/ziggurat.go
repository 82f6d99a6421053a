package rng

import "math"

// zigguratLayer is one of 256 layers of equal area under a decreasing density (Marsaglia and
// Tsang 2000): the 53-bit whole number j stands for the point j*width, which lies under the
// density for sure if j < below.
type zigguratLayer struct {
	below uint64
	width float64
}

// Exponential draws from the exponential law of mean 1: positive, resolution below 2^-50. A word
// serves it whole: bits 0 to 7 pick the layer, bits 11 to 63 the point.
func Exponential(k Key, purpose uint64) float64 {
	w := k.Word(purpose)
	layer := &exponentialLayers[w&255]
	if j := w>>11 | 1; j < layer.below {
		return float64(float64(int64(j)) * layer.width)
	}
	return exponentialFurther(w, k.further(purpose))
}

// ExponentialFrom is [Exponential] with its first word at hand: ExponentialFrom(k.Word(purpose),
// k, purpose) = Exponential(k, purpose).
func ExponentialFrom(w uint64, k Key, purpose uint64) float64 {
	layer := &exponentialLayers[w&255]
	if j := w>>11 | 1; j < layer.below {
		return float64(float64(int64(j)) * layer.width)
	}
	return exponentialFurther(w, k.further(purpose))
}

// exponentialFurther goes on where the first word of a draw fell outside the sure part of its
// layer, with further words from k. In the tail the law starts anew at its edge.
func exponentialFurther(w uint64, k Key) float64 {
	start := 0.0
	for n := uint64(0); ; n += 2 {
		i := w & 255
		j := w>>11 | 1
		x := float64(float64(int64(j)) * exponentialLayers[i].width)
		switch {
		case j < exponentialLayers[i].below:
			return start + x
		case i == 0:
			start += exponentialLayersEdge
		default:
			outer, inner := exponentialLayersDensity[i], exponentialLayersDensity[i+1]
			if outer+float64(Unit(k.Word(n+1))*(inner-outer)) < Exp(-x) {
				return start + x
			}
		}
		w = k.Word(n)
	}
}

// ExponentialInv is the exponential of mean 1 by inversion, -ln u: falling in u.
func ExponentialInv(u float64) float64 { return -Log(u) }

// Normal draws from the standard normal law. Of its first word bits 0 to 7 pick the layer, bit 8
// the sign, bits 11 to 63 the point.
func Normal(k Key, purpose uint64) float64 {
	w := k.Word(purpose)
	layer := &normalLayers[w&255]
	if j := w >> 11; j < layer.below {
		return withSign(float64(int64(j))*layer.width, w)
	}
	return normalFurther(w, k.further(purpose))
}

// normalFurther goes on where the first word of a draw fell outside the sure part of its layer,
// with further words from k. The tail is Marsaglia's (1964).
func normalFurther(w uint64, k Key) float64 {
	for n := uint64(0); ; {
		i := w & 255
		j := w >> 11
		x := float64(float64(int64(j)) * normalLayers[i].width)
		accepted := j < normalLayers[i].below
		if !accepted && i == 0 {
			for {
				beyond := -Log(Unit(k.Word(n))) / normalLayersEdge
				height := -Log(Unit(k.Word(n + 1)))
				n += 2
				if height+height > float64(beyond*beyond) {
					x, accepted = normalLayersEdge+beyond, true
					break
				}
			}
		} else if !accepted {
			outer, inner := normalLayersDensity[i], normalLayersDensity[i+1]
			accepted = outer+float64(Unit(k.Word(n))*(inner-outer)) < Exp(-0.5*float64(x*x))
			n++
		}
		if accepted {
			return withSign(x, w)
		}
		w = k.Word(n)
		n++
	}
}

// withSign gives x >= 0 the sign in bit 8 of w, without a branch that half of the draws would
// mispredict.
func withSign(x float64, w uint64) float64 {
	return math.Float64frombits(math.Float64bits(x) | w<<55&(1<<63))
}
