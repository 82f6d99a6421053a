package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// withCustomers writes a scenario of a small vendor with a file of customers beside it, and gives its path.
func withCustomers(t *testing.T, csv, more string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "customers.csv"), []byte(csv), 0o666))
	path := filepath.Join(dir, "mine.toml")
	require.NoError(t, os.WriteFile(path, []byte("extends = \"small\"\n[opening]\nplan = \"mine\"\n"+
		"customers_file = \"customers.csv\"\n"+more), 0o666))
	return path
}

const someCustomers = "count,size,start,product,channel,monthly_bill,prepaid_until\n" +
	"30,1-4,2012-07,basic,search,31.50,\n" +
	"20,5-19,2011-03-15,pro,,90,2013-05-31\n" +
	"\n" +
	",1-4,2012-12,basic,inbound,,\n"

// The customers of a file are the opening state; the file travels with the resolved scenario, and is part of what the
// plan is.
func TestCustomersOfAFile(t *testing.T) {
	t.Parallel()
	path := withCustomers(t, someCustomers, "")
	p, err := Load(path, withBuiltins(testFiles))
	require.NoError(t, err)
	require.Len(t, p.Opening.Groups, 3)
	require.Equal(t, []float64{31, 20, 0}, p.Opening.Customers)
	require.Empty(t, p.Opening.AgeBands)
	again, err := LoadBytes("elsewhere.toml", []byte(Resolved(p)), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Equal(t, Digest(p), Digest(again))
	require.Equal(t, p.Opening.CustomersText, again.Opening.CustomersText)
	x, err := trace(p)
	require.NoError(t, err)
	y, err := trace(again)
	require.NoError(t, err)
	require.Equal(t, x, y)
	_, differs := OpeningDifference(p, again)
	require.False(t, differs)
	// Rows in another order and parts of a group are the same customers.
	q, err := Load(withCustomers(t, "size,count,start,prepaid_until,product,channel,monthly_bill\n1-4,1,2012-12,,basic,inbound,\n"+
		"5-19,20,2011-03-15,2013-05-31,pro,,90\n1-4,12,2012-07,monthly,basic,search,31.5\n1-4,18,2012-07,,basic,search,31.5\n", ""),
		withBuiltins(testFiles))
	require.NoError(t, err)
	require.Equal(t, p.Opening.CustomersHash, q.Opening.CustomersHash)
	require.Equal(t, Digest(p), Digest(q))
	// Other customers are another plan and another opening.
	other, err := Load(withCustomers(t, strings.Replace(someCustomers, "31.50", "31.60", 1), ""), withBuiltins(testFiles))
	require.NoError(t, err)
	require.NotEqual(t, Digest(p), Digest(other))
	d, differs := OpeningDifference(p, other)
	require.True(t, differs)
	require.Equal(t, "opening.customers_hash", d.Key)
	// A stated hash refuses another file.
	_, err = Load(withCustomers(t, someCustomers, "customers_hash = \""+other.Opening.CustomersHash+"\"\n"), withBuiltins(testFiles))
	require.ErrorContains(t, err, "lists other customers than were meant: its hash is "+p.Opening.CustomersHash)
}

// What is wrong in a file is said with its row, column and what to do.
func TestProblemsOfAFileOfCustomers(t *testing.T) {
	t.Parallel()
	const head = "count,size,start,product,channel,monthly_bill,prepaid_until\n"
	for csv, want := range map[string]string{
		"":                                           "customers.csv: is empty; its first line is count,size,start",
		head:                                         "lists no customer; leave out customers_file if there is none",
		"count,size,begin\n1,1-4,2012-01\n":          "customers.csv:1: begin: is no column of a file of customers: count, size, start",
		"count,size\n1,1-4\n":                        "customers.csv:1: start: is a column that the file lacks",
		"size,start,size\n1-4,2012-01,1-4\n":         "customers.csv:1: size: is the name of two columns",
		head + "1,1-5,2012-01,basic,,,\n":            "customers.csv:2: size = \"1-5\": is no size class of this market: 1-4, 5-19, 20+; did you mean 1-4?",
		head + "1,1-4,2012-01,basics,,,\n":           "product = \"basics\": is no product of this plan",
		head + "1,1-4,2012-01,,,,\n":                 "",
		head + "1,20+,2012-01,basic,,,\n":            "is not sold to class 20+; that is sold",
		head + "1,1-4,2012-01,basic,serch,,\n":       "channel = \"serch\": is no channel of this plan; leave the cell empty if it is not known; did you mean search?",
		head + "1,1-4,2013-01,basic,,,\n":            "start = \"2013-01\": is not before the run's first day, 2013-01-01: such customers are won in the run; leave the row out, or begin the run later",
		head + "1,1-4,1/2012,basic,,,\n":             "start = \"1/2012\": must be the month or the day of the win, as in 2012-07 or 2012-07-24",
		head + "0,1-4,2012-01,basic,,,\n":            "count = \"0\": must be a whole number of customers above 0",
		head + "1,1-4,2012-01,basic,,\"1,5\",\n":     "monthly_bill = \"1,5\": must be what one customer pays for a month, a number with a decimal point",
		head + "1,1-4,2012-01,basic,,9,2012-12-31\n": "prepaid_until = \"2012-12-31\": is not after the run's first day",
		head + "1,1-4,2012-01,basic,,9,2014-12-31\n": "is more than a year after the run's first day",
		head + "1,1-4,2012-01\n":                     "customers.csv:2: is no CSV",
		head + "900000,1-4,2012-01,basic,,,\n":       "lists 900000 customers of size class 1-4, which has",
	} {
		_, err := Load(withCustomers(t, csv, ""), withBuiltins(testFiles))
		if want == "" && err == nil {
			continue
		}
		require.ErrorContains(t, err, want, csv)
	}
	_, err := Load(withCustomers(t, someCustomers, "customers = 40\n"), withBuiltins(testFiles))
	require.ErrorContains(t, err, "mine.toml:5: opening.customers = 40: is said by the file of customers: leave it out, or leave out customers_file")
	_, err = OpenBytes("mine.toml", []byte("extends = \"small\"\n[opening]\nplan = \"mine\"\ncustomers_file = \"none.csv\"\n"), withBuiltins(testFiles))
	require.ErrorContains(t, err, "there is no file none.csv")
	_, err = OpenBytes("mine.toml", []byte("extends = \"small\"\n"), withBuiltins(testFiles), Set("opening.customers_file=x.csv"))
	require.ErrorContains(t, err, "shapes the opening state")
}
