package tally

// net is a table as a network. Its nodes are the lines of the table, whose numbers add up to their totals; its edges are
// the numbers. To raise a number by one moves a unit along its edge, to lower it moves one back, and a table that adds up
// stays one only if what moves runs in circles. So how far a hidden number can be moved while everything that is shown
// stays, is how much can flow around from one end of its edge to the other through hidden edges alone.
//
// The method is known as complementary cell suppression by network flows (Cox; Kelly, Golden and Assad).
type net struct {
	edges []edge
	at    [][]int // the edges of each node
}

type edge struct {
	from, to int
	n        int
	total    bool // it has no floor of its own: it stays above nothing if the numbers in it do
	known    bool // everybody knows it: it cannot be hidden
	hidden   bool
}

// net lays the table out: rows, then columns, and one line of totals for each. A list has two nodes, and all its edges
// lie side by side.
func (t *Table) net() *net {
	n := &net{}
	rows, columns := len(t.Rows), len(t.Columns)
	if columns == 0 {
		sum := 0
		n.at = make([][]int, 2)
		for i := range t.Rows {
			n.add(edge{from: 0, to: 1, n: t.Counts[i][0]})
			sum += t.Counts[i][0]
		}
		n.add(edge{from: 1, to: 0, n: sum, total: true})
		return n
	}
	n.at = make([][]int, rows+columns+2)
	lastRow, column := rows, func(j int) int { return rows + 1 + j }
	across, down, sum := make([]int, rows), make([]int, columns), 0
	for i := range t.Rows {
		for j, c := range t.Counts[i] {
			n.add(edge{from: i, to: column(j), n: c})
			across[i] += c
			down[j] += c
			sum += c
		}
	}
	for i, c := range across {
		n.add(edge{from: column(columns), to: i, n: c, total: true, known: t.Known})
	}
	for j, c := range down {
		n.add(edge{from: column(j), to: lastRow, n: c, total: true})
	}
	n.add(edge{from: lastRow, to: column(columns), n: sum, total: true, known: t.Known})
	return n
}

func (n *net) add(e edge) {
	n.at[e.from] = append(n.at[e.from], len(n.edges))
	n.at[e.to] = append(n.at[e.to], len(n.edges))
	n.edges = append(n.edges, e)
}

// room says how many units can leave a node over an edge: any number to raise it, and what it has to lower it.
func (n *net) room(e, node int, moved []int) int {
	const any = 1 << 30
	x := n.edges[e]
	if x.from == node || x.total {
		return any
	}
	return x.n + moved[e]
}

// flow moves up to want units from one node to another without touching one edge, and says how many it moved. With hide,
// numbers that are shown are hidden where there is no other way, those that cost least.
func (n *net) flow(from, to, without, want int, hide bool) (got int) {
	moved := make([]int, len(n.edges))
	for got < want {
		way, most := n.way(from, to, without, moved, hide)
		if way == nil {
			return got
		}
		most = min(most, want-got)
		node := to
		for node != from {
			e := way[node]
			n.edges[e].hidden = true // it is already, or has to be
			if n.edges[e].to == node {
				moved[e] += most
				node = n.edges[e].from
			} else {
				moved[e] -= most
				node = n.edges[e].to
			}
		}
		got += most
	}
	return got
}

// way finds the cheapest way between two nodes, as the edge by which each node is reached, and what can move along it. A
// hidden edge costs nothing, but a shorter way is better than a longer one.
func (n *net) way(from, to, without int, moved []int, hide bool) (by []int, most int) {
	const far = 1 << 60
	cost, done := make([]int, len(n.at)), make([]bool, len(n.at))
	by = make([]int, len(n.at))
	room := make([]int, len(n.at))
	for i := range cost {
		cost[i], by[i] = far, -1
	}
	cost[from], room[from] = 0, far
	for {
		node := -1
		for i := range cost {
			if !done[i] && cost[i] < far && (node < 0 || cost[i] < cost[node]) {
				node = i
			}
		}
		switch {
		case node < 0:
			return nil, 0
		case node == to:
			return by, room[to]
		}
		done[node] = true
		for _, e := range n.at[node] {
			x := n.edges[e]
			left := n.room(e, node, moved)
			if e == without || left == 0 || !x.hidden && (!hide || x.known) {
				continue
			}
			next := x.from + x.to - node
			if c := cost[node] + n.price(x); c < cost[next] {
				cost[next], by[next], room[next] = c, e, min(room[node], left)
			}
		}
	}
}

// price is what it costs to hide a number: what it counts, so that a table loses as little as can be. A total is
// what people read first, and costs twice.
func (n *net) price(e edge) int {
	switch {
	case e.hidden:
		return 1
	case e.total:
		return 1000 * (2*e.n + 1)
	}
	return 1000 * (e.n + 1)
}

// protect hides every small number, and what would give it away.
func (n *net) protect() {
	for i := range n.edges {
		n.edges[i].hidden = n.edges[i].n < Fewest && !n.edges[i].known
	}
	for i, e := range n.edges {
		if e.n < Fewest && !e.known {
			n.flow(e.to, e.from, i, Fewest-1-e.n, true) // it may be as much as the most that is small
			n.flow(e.from, e.to, i, e.n, true)          // and it may be nothing
		}
	}
	// What was hidden to cover others must not be told exactly either, or it would cover nothing.
	for again := true; again; {
		again = false
		for i, e := range n.edges {
			if !e.hidden || e.n < Fewest {
				continue
			}
			if width := n.width(i); width < Fewest-1 {
				before := n.hidden()
				n.flow(e.to, e.from, i, Fewest-1, true)
				again = again || n.hidden() > before
			}
		}
	}
}

// width says how far a hidden number can be moved, as far as anybody asks.
func (n *net) width(i int) int {
	e := n.edges[i]
	down := n.flow(e.from, e.to, i, min(e.n, Fewest-1), false)
	return down + n.flow(e.to, e.from, i, Fewest-1-down, false)
}

// hidden counts the numbers that are hidden.
func (n *net) hidden() (all int) {
	for _, e := range n.edges {
		if e.hidden {
			all++
		}
	}
	return all
}
