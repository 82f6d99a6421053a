package rng

// golden is 2^64 divided by the golden ratio, made odd: the step between the words of a key
// (Steele, Lea and Flood 2014, SplitMix64).
const golden = 0x9e3779b97f4a7c15

// Steps and offsets that keep the three uses of a key apart: its words, its children and the
// further words of a sampler. The offsets are the fractions of sqrt(2), sqrt(3) and sqrt(5), the
// step of children is an odd number of Steele and Vigna (2021) with a good spectrum.
const (
	childStep     = 0xd1342543de82ef95
	childOffset   = 0x6a09e667f3bcc908
	furtherOffset = 0xbb67ae8584caa73b
	seedOffset    = 0x3c6ef372fe94f82b
)

// Key is a node in the tree of addresses. Its words are as good as independent of those of its
// parent, its children and every other node. Keys are values: copy and keep them freely.
type Key uint64

// Root is the top of the tree of one replication of one seed.
func Root(seed uint64, replication int) Key {
	return Key(Mix(seed + seedOffset)).Child(uint64(int64(replication)))
}

// Child is the node with this label below k; the label is any number, or the [Label] of a name.
// Different labels never give the same child.
func (k Key) Child(label uint64) Key {
	return Key(Mix(uint64(k) + label*childStep + childOffset))
}

// Word is the 64-bit word of k for a purpose: uniform on all 2^64 values.
func (k Key) Word(purpose uint64) uint64 {
	return Mix(uint64(k) + purpose*golden)
}

// Unit is the word of k for a purpose as a uniform number in the open interval (0,1).
func (k Key) Unit(purpose uint64) float64 { return Unit(k.Word(purpose)) }

// Stream is an address that moves: the words of a key at one purpose and at every 2^32nd after it,
// so that the n-th word of a stream is that of purpose + n<<32.
type Stream uint64

// streamStep is 2^32 purposes.
const streamStep = golden & (1<<32 - 1) << 32

// Stream stands before the first word of k at a purpose.
func (k Key) Stream(purpose uint64) Stream { return Stream(uint64(k) + purpose*golden - streamStep) }

// At is the stream at its n-th word.
func (s Stream) At(n uint64) Stream { return s + Stream((n+1)*streamStep) }

// Beside is the uniform number of a purpose that lies some purposes after that of the current word.
func (s Stream) Beside(purposes uint64) float64 { return Unit(Mix(uint64(s) + purposes*golden)) }

// further is the node from which a sampler at (k, purpose) takes all words after its first one.
func (k Key) further(purpose uint64) Key {
	return Key(Mix(uint64(k) + purpose*golden + furtherOffset))
}

// Mix is a bijection of 64-bit words in which every input bit flips every output bit with a
// chance close to one half: the finaliser of SplitMix64 (variant 13 of Stafford 2011). Mix(0) = 0.
func Mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Label turns a name into a label for [Key.Child]: the 64-bit FNV-1a hash of its bytes, mixed.
// It depends on the name alone, so it is the same in every version, order and place.
func Label(name string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return Mix(h)
}

// Unit turns a word into a uniform number in the open interval (0,1): an odd multiple of 2^-53,
// so that 0 and 1 never occur and 1-u is as exact and as likely as u.
func Unit(w uint64) float64 { return float64(int64(w>>11|1)) * 0x1p-53 }

// Unit32 turns half a word into a uniform number in the open interval (0,1): an odd multiple of
// 2^-33.
func Unit32(w uint32) float64 { return (float64(w) + 0.5) * 0x1p-32 }
