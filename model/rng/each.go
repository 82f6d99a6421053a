package rng

import "math"

// The samplers below draw for many keys at one purpose: the same numbers as the draws one by one,
// without a call for each.

// Normals draws [Normal] for each key.
func Normals(keys []Key, purpose uint64, out []float64) {
	out = out[:len(keys)]
	for i, k := range keys {
		w := k.Word(purpose)
		layer := &normalLayers[w&255]
		j := w >> 11
		z := withSign(float64(int64(j))*layer.width, w)
		if j >= layer.below {
			z = normalFurther(w, k.further(purpose))
		}
		out[i] = z
	}
}

// DrawEach draws for each key.
func (g *GammaSampler) DrawEach(keys []Key, purpose uint64, out []float64) {
	out = out[:len(keys)]
	if g.special != gammaTabled {
		for i, k := range keys {
			out[i] = g.Draw(k, purpose)
		}
		return
	}
	Normals(keys, purpose, out)
	for i, z := range out {
		out[i] = float64(g.scale * g.table.at(z))
	}
}

// ExpEach puts e^x, as [Exp] gives it, in the place of each x.
func ExpEach(list []float64) {
	for i, x := range list {
		if !(x > -700 && x < 709) {
			list[i] = expEdge(x, 0)
			continue
		}
		shifted := float64(x*perLn2Step) + roundShift
		k := math.Float64bits(shifted)
		whole := shifted - roundShift
		r := x - float64(whole*ln2StepHi) - float64(whole*ln2StepLo)
		entry := &exp2Table[k&127]
		r2 := float64(r * r)
		fraction := entry.tail + r + float64(r2*(0.5+float64(r*(1.0/6)))) +
			float64(float64(r2*r2)*(1.0/24+float64(r*(1.0/120))))
		scale := math.Float64frombits(entry.bits + (k&^127)<<45)
		list[i] = scale + float64(scale*fraction)
	}
}
