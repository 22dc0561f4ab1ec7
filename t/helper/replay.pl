#!/usr/bin/perl
# SPDX-License-Identifier: ISC
# replay.pl JOURNAL count
# replay.pl JOURNAL make DIR STEPS HOW SEED
# What the disk holds when the machine goes down after the first STEPS of the
# journal of journal.so: DIR is made to be it. HOW:
#	all	every step is there
#	empty, zeros, torn
#		so are all names, but files hold what was in them when they
#		were last synced, and of what was written since nothing, zeros,
#		or a part
#	late	the same as one of these, as SEED has it for each, and names
#		are as they were at some moment since the last one that
#		must be kept: fsync of a directory keeps what was done in it, and
#		all that was done before
# Prints, a line each: "ended PROGRAM" for those that had ended by then, and
# with count the number of steps.
use strict;
use warnings;

my ($journal, $what, $dir, $steps, $how, $seed) = @ARGV;
my @steps;

sub decode {
	my ($path) = @_;
	$path =~ s/%([0-9a-f]{2})/chr hex $1/ge;
	return $path;
}

open(my $in, '<:raw', $journal) or die "open $journal: $!\n";
while (defined(my $line = <$in>)) {
	chomp $line;
	my ($op, @args) = split / /, $line;
	if ($op eq 'write') {
		read($in, $args[3], $args[2]) == $args[2] or die "short\n";
	}
	push @steps, [$op, @args];
}
if ($what eq 'count') {
	print scalar @steps, "\n";
	exit;
}

srand($seed);
splice @steps, $steps;

# Directories and files by their inodes; a name leads to an inode.
my (%dirs, %files);
my $root = 'root';
$dirs{$root} = {};

# The directory that PATH is in, and its name there.
sub parent {
	my ($path) = @_;
	my @parts = grep { $_ ne '' } split m{/}, decode($path);
	my $name = pop @parts;
	my $at = $root;
	for my $part (@parts) {
		$at = $dirs{$at}{$part};
		return () unless defined $at && $dirs{$at};
	}
	return ($at, defined $name ? $name : '');
}

# One change of names. Returns the directories that it was made in.
sub rename_step {
	my ($op, @args) = @_;
	if ($op eq 'create' || $op eq 'mkdir') {
		my ($inode, $path) = @args;
		if ($path eq '/') {
			$dirs{$inode} = delete $dirs{$root} if $inode ne $root;
			$root = $inode;
			return ();
		}
		my ($in, $name) = parent($path) or return ();
		$dirs{$inode} = {} if $op eq 'mkdir';
		$files{$inode} = { data => '', synced => '' }
		    if $op eq 'create';
		$dirs{$in}{$name} = $inode;
		return ($in);
	}
	my ($in, $name) = parent($args[0]) or return ();
	if ($op eq 'unlink') {
		delete $dirs{$in}{$name};
		return ($in);
	}
	my ($to, $new) = parent($args[1]) or return ($in);
	return ($in) unless defined $dirs{$in}{$name};
	$dirs{$to}{$new} = $dirs{$in}{$name};
	delete $dirs{$in}{$name} if $op eq 'rename';
	return ($in, $to);
}

# How far the names are surely kept: run through once, and look.
my $kept = 0;
my %touched;
for my $i (0 .. $#steps) {
	my ($op, @args) = @{$steps[$i]};
	if ($op =~ /^(create|mkdir|unlink|rename|link)$/) {
		$touched{$_} = $i + 1 for rename_step(@{$steps[$i]});
	} elsif ($op eq 'sync' && defined $touched{$args[0]}) {
		$kept = $touched{$args[0]} if $touched{$args[0]} > $kept;
	} elsif ($op eq 'done') {
		print "ended $args[0]\n";
	}
}
my $names = $how eq 'late' ? $kept + int(rand(@steps - $kept + 1)) : @steps;

# And now for real: names up to there, contents up to the end.
%dirs = ($root => {});
%files = ();
for my $i (0 .. $#steps) {
	my ($op, @args) = @{$steps[$i]};
	if ($op =~ /^(create|mkdir|unlink|rename|link)$/) {
		rename_step($op, @args) if $i < $names;
		next;
	}
	my $file = $files{$args[0]} or next;
	if ($op eq 'write') {
		my ($inode, $offset, $len, $bytes) = @args;
		$file->{data} .= "\0" x ($offset - length $file->{data})
		    if $offset > length $file->{data};
		substr($file->{data}, $offset, $len) = $bytes;
	} elsif ($op eq 'truncate') {
		my $lack = $args[1] - length $file->{data};
		$file->{data} .= "\0" x $lack if $lack > 0;
		substr($file->{data}, $args[1]) = '' if $lack < 0;
	} elsif ($op eq 'sync') {
		$file->{synced} = $file->{data};
	}
}

sub content {
	my ($file) = @_;
	my ($now, $then) = ($file->{data}, $file->{synced});
	my $way = $how eq 'late' ? (qw(all empty zeros torn))[int rand 4] : $how;
	return $now if $way eq 'all' || $now eq $then;
	return $then if $way eq 'empty';
	return $then . "\0" x (length($now) - length $then)
	    if $way eq 'zeros' && length $now > length $then;
	return $then if $way eq 'zeros';
	return substr($now, 0, int rand(length($now) + 1))
	    if length $now > length $then;
	return $then;
}

sub make {
	my ($inode, $path, $depth) = @_;
	if ($dirs{$inode}) {
		mkdir $path or die "mkdir $path: $!\n";
		# What install.sh and core-save would have made of it.
		chmod($depth == 0 ? 0755 : $depth == 1 ?
		    ($path =~ m{/(new|known)$} ? 0700 : $path =~ m{/owner$} ? 0711 :
		    0771) : 02770, $path);
		make($dirs{$inode}{$_}, "$path/$_", $depth + 1)
		    for sort keys %{$dirs{$inode}};
		return;
	}
	open(my $out, '>:raw', $path) or die "open $path: $!\n";
	print $out content($files{$inode});
	close $out or die "write $path: $!\n";
}
make($root, $dir, 0);
