# SPDX-License-Identifier: GPL-3.0-or-later
#
# Takes the examples out of manual pages and README: a line that begins with
# "$ " in a literal display (README: in a block indented by four blanks) is a
# command, the lines up to the next command or the end of the block are what it
# prints. Writes DIR/NNN.cmd, DIR/NNN.out and DIR/NNN.at (file:line); a command
# may go on in lines that begin with "> ".

function finish()
{
	if (open) {
		close(base ".cmd")
		close(base ".out")
		close(base ".at")
	}
	open = 0
	blanks = 0
}

function start(command)
{
	finish()
	base = sprintf("%s/%03d", dir, ++count)
	print command > (base ".cmd")
	print FILENAME ":" FNR > (base ".at")
	printf "" > (base ".out")
	open = 1
	continued = 1
}

function line(text)
{
	if (text ~ /^\$ /) {
		start(substr(text, 3))
		return
	}
	if (!open)
		return
	if (continued && text ~ /^> /) {
		print substr(text, 3) > (base ".cmd")
		return
	}
	continued = 0
	if (text == "") {	# blank lines at the end of a block are not output
		blanks++
		return
	}
	for (; blanks > 0; blanks--)
		print "" > (base ".out")
	print text > (base ".out")
}

# The few escapes that literal displays need.
function plain(text)
{
	gsub(/\\&/, "", text)
	gsub(/\\-/, "-", text)
	gsub(/\\\(aq/, "'", text)
	gsub(/\\e/, "\\", text)
	return text
}

FNR == 1 { finish(); literal = 0; mdoc = FILENAME ~ /\.[0-9]$/ }

mdoc && /^\.Bd.*-literal/ { literal = 1; next }
mdoc && /^\.Ed/ { finish(); literal = 0; next }
mdoc && literal { line(plain($0)); next }

!mdoc && /^    / { line(substr($0, 5)); next }
!mdoc && /^$/ { line(""); next }
!mdoc { finish() }

END { finish(); print count + 0 }
