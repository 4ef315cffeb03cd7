// The Go client at work, told what to do line by line; each answer is one line. Takes the server and the keys' common prefix.
//
// Built against the sources that Debian packages as golang-etcd-server-dev: GO111MODULE=off GOPATH=/usr/share/gocode.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.etcd.io/etcd/clientv3"
)

const (
	keys    = 10000
	setKeys = 64
)

var (
	client *clientv3.Client
	prefix string
	turn   int64
	value  = strings.Repeat("v", 100)
)

func main() {
	var err error
	client, err = clientv3.New(clientv3.Config{Endpoints: []string{os.Args[1]}})
	if err != nil {
		panic(err)
	}
	prefix = os.Args[2]
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var what string
		var inFlight, millis int
		fmt.Sscan(in.Text(), &what, &inFlight, &millis)
		length := time.Duration(millis) * time.Millisecond
		switch {
		case what == "get" && inFlight == 1:
			fmt.Println(latency(length))
		case what == "get":
			fmt.Println(rate(inFlight, length, get))
		case what == "set":
			fmt.Println(rate(inFlight, length, set))
		default:
			fmt.Println("?")
		}
	}
}

func key(count int64) string {
	i := atomic.AddInt64(&turn, 1) % count
	return fmt.Sprintf("%s/section-%03d/key-%05d", prefix, i/100, i)
}

func get() error {
	_, err := client.Get(context.Background(), key(keys))
	return err
}

func set() error {
	_, err := client.Put(context.Background(), key(setKeys), value)
	return err
}

// The median of one get at a time, in microseconds.
func latency(length time.Duration) float64 {
	var samples []float64
	for end := time.Now().Add(length); time.Now().Before(end); {
		start := time.Now()
		if err := get(); err != nil {
			panic(err)
		}
		samples = append(samples, float64(time.Since(start).Nanoseconds())/1000)
	}
	sort.Float64s(samples)
	return samples[len(samples)/2]
}

// Operations per second with a number of them always under way.
func rate(inFlight int, length time.Duration, operation func() error) float64 {
	var count int64
	var all sync.WaitGroup
	start := time.Now()
	end := start.Add(length)
	for i := 0; i < inFlight; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for time.Now().Before(end) {
				if err := operation(); err != nil {
					panic(err)
				}
				atomic.AddInt64(&count, 1)
			}
		}()
	}
	all.Wait()
	return float64(count) / time.Since(start).Seconds()
}
