# SPDX-License-Identifier: GPL-2.0
# Of ./report's *.dat in the current folder: plot.png and plot.svg.

set style data histograms
set style fill solid 0.8 border -1
set boxwidth 0.9
set datafile missing "-"
set grid ytics
set key outside top center horizontal
set xtics nomirror
set lmargin 10
set rmargin 3

blue = "#3465a4"
orange = "#f57900"

do for [kind in "png svg"] {
	if (kind eq "png") {
		set terminal pngcairo noenhanced size 1300,1000 font "sans,10"
	} else {
		set terminal svg noenhanced size 1300,1000 font "sans,12" \
			background "white"
	}
	set output "plot." . kind
	set multiplot layout 3,2 title "nf_failover beside conntrackd; a microsecond is 1000 instructions"

	set xrange [-0.6:3.6]
	unset logscale
	set yrange [0:*]
	set ylabel "us/connection"
	do for [proto in "tcp udp"] {
		set title "CPU per " . (proto eq "tcp" ? "TCP" : "UDP") . " connection"
		plot proto . ".dat" skip 1 using 2:xtic(1) title "active" linecolor rgb blue, \
			"" skip 1 using 3 title "standby" linecolor rgb orange
	}

	set title "Bytes on the link per connection"
	set ylabel "bytes"
	plot "tcp.dat" skip 1 using 6:xtic(1) title "TCP" linecolor rgb blue, \
		"udp.dat" skip 1 using 6 title "UDP" linecolor rgb orange

	set yrange [0:*]
	set title "Lag, event to applied"
	set ylabel "us"
	plot "tcp.dat" skip 1 using 4:xtic(1) title "TCP p50" linecolor rgb "#729fcf", \
		"" skip 1 using 5 title "TCP p99" linecolor rgb "#204a87", \
		"udp.dat" skip 1 using 4 title "UDP p50" linecolor rgb "#fcaf3e", \
		"" skip 1 using 5 title "UDP p99" linecolor rgb "#ce5c00"

	set logscale y
	set xlabel "entries"
	set autoscale x
	set yrange [*:*]
	set title "Bulk sync"
	set ylabel "s"
	plot for [i=2:4] "seconds.dat" using i:xtic(1) title columnhead(i)

	set title "Promotion"
	set ylabel "ms"
	plot for [i=2:4] "promote_ms.dat" using i:xtic(1) title columnhead(i)
	unset xlabel
	unset multiplot
	unset output
}
