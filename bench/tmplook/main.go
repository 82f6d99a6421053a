package main

import (
	"fmt"
	"os"
	"runtime/pprof"
	"strconv"
	"syscall"
	"time"

	"windfall/model"
	"windfall/model/rng"
	"windfall/scenarios"
)

func spin() float64 {
	var a, b syscall.Rusage
	syscall.Getrusage(0, &a)
	x := uint64(1)
	for i := 0; i < 50_000_000; i++ {
		x = rng.Mix(x + 12345)
	}
	syscall.Getrusage(0, &b)
	if x == 1 {
		panic(1)
	}
	return cpu(&a, &b) / 50e6 * 1e9
}

func cpu(a, b *syscall.Rusage) float64 {
	return float64(b.Utime.Sec-a.Utime.Sec) + float64(b.Utime.Usec-a.Utime.Usec)/1e6
}

func main() {
	p, err := scenarios.Load(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	n, _ := strconv.Atoi(os.Args[2])
	pr, err := model.Prepare(p)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	s := pr.NewState()
	rec := pr.Schema().NewRecord()
	s.Replicate(1, 0, rec)
	if len(os.Args) > 3 {
		f, _ := os.Create(os.Args[3])
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	sum := make([]float64, len(rec.Outcomes))
	_ = spin
	var a, b syscall.Rusage
	syscall.Getrusage(0, &a)
	t := time.Now()
	for r := 0; r < n; r++ {
		s.Replicate(1, r+1, rec)
		for i, x := range rec.Outcomes {
			sum[i] += x / float64(n)
		}
	}
	d := time.Since(t)
	syscall.Getrusage(0, &b)
	fmt.Println("cpu ms per replication", 1000*cpu(&a, &b)/float64(n))
	for i, c := range pr.Schema().Outcomes {
		fmt.Printf("%-26s %16.4f\n", c.Name, sum[i])
	}
	fmt.Println("ms per replication", d.Milliseconds()/int64(n))
	sc := pr.Schema()
	for r, row := range sc.SliceRows {
		if row.Dimension == "channel" || row.Dimension == "size" || row.Dimension == "team" {
			o := rec.Slices[r*len(sc.Slice):]
			fmt.Printf("%-10s %-22s", row.Dimension, row.Name)
			for _, c := range []int{0, 4, 5, 6, 8, 18, 19} {
				fmt.Printf(" %s=%.0f", sc.Slice[c].Name, o[c])
			}
			fmt.Println()
		}
	}
}
