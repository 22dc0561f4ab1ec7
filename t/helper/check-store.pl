#!/usr/bin/perl
# SPDX-License-Identifier: ISC
# check-store.pl [--core=FILE] [--rest] STORE...: what has to hold in a store
# whatever went wrong: a record is whole or absent. Says what does not, a line
# each, and then exits 1.
#	--core=FILE	a core that is said to be complete is this one, and
#			another one its beginning
#	--rest		nothing is being captured or reported any more: new/,
#			pending/ and sending/ hold no record nor a part of one
use strict;
use warnings;
use Getopt::Long;
use JSON::PP;

my ($core, $rest) = ('', 0);
GetOptions('core=s' => \$core, 'rest' => \$rest) or exit 100;
my $whole = $core ne '' ? slurp($core) : undef;
my $bad = 0;
my $id_form = qr/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

sub slurp {
	my ($path) = @_;
	open(my $f, '<:raw', $path) or return undef;
	local $/;
	my $text = <$f>;
	return defined $text ? $text : '';
}

sub complain {
	my ($where, $what) = @_;
	print "$where: $what\n";
	$bad = 1;
}

sub names {
	my ($path) = @_;
	opendir(my $d, $path) or return ();
	return sort grep { $_ ne '.' && $_ ne '..' } readdir $d;
}

sub parse {
	my ($dir, $name) = @_;
	my $text = slurp("$dir/$name");
	my $json = defined $text ? eval { JSON::PP->new->utf8->decode($text) }
	    : undef;
	complain($dir, "$name does not parse") unless ref $json eq 'HASH';
	return ref $json eq 'HASH' ? $json : {};
}

# The core is what meta.json says of it.
sub check_core {
	my ($dir, $meta, $state) = @_;
	my $told = $meta->{core} || {};
	if (!defined $told->{file}) {
		complain($dir, 'no core, and no reason') unless
		    defined $told->{reason} && $told->{reason} ne '';
		return;
	}
	if (!-f "$dir/core.zst") {
		complain($dir, 'core.zst is not there') unless
		    "@{$meta->{missing}}" =~ /core: dropped/;
		return;
	}
	open(my $p, '-|:raw', 'sh', '-c', 'zstd -qdc "$1" 2>/dev/null', '-',
	    "$dir/core.zst") or die;
	local $/;
	my $got = <$p>;
	$got = '' unless defined $got;
	my $fine = close $p;
	if ($told->{complete}) {
		complain($dir, 'core.zst does not decompress') unless $fine;
		complain($dir, 'complete, but of another size') unless
		    length $got == $told->{bytes};
		complain($dir, 'stored is not its size') unless
		    -s "$dir/core.zst" == $told->{stored};
		complain($dir, 'another core') if
		    defined $whole && $got ne $whole;
		return;
	}
	complain($dir, 'not complete, and no reason') unless
	    defined $told->{reason};
	complain($dir, 'not the beginning of its core') if defined $whole &&
	    $got ne substr($whole, 0, length $got);
	# What a capture that never ended had written by then ends anywhere.
	return if $state eq 'failed' || !defined $told->{bytes};
	return if $told->{reason} eq 'the capture did not finish';
	complain($dir, 'a cut core.zst does not decompress') unless
	    $fine || -s "$dir/core.zst" == 0;
	complain($dir, 'a cut core, of another size') unless
	    length $got == $told->{bytes};
}

sub check_record {
	my ($store, $state, $id) = @_;
	my $dir = "$store/$state/$id";
	my $meta = {};
	if (-e "$dir/meta.json") {
		$meta = parse($dir, 'meta.json');
		complain($dir, 'meta.json is of ' . ($meta->{id} || 'nobody'))
		    unless ($meta->{id} || '') eq $id;
		check_core($dir, $meta, $state);
	} elsif (!-e "$dir/snapshot.json") {
		complain($dir, 'neither meta.json nor snapshot.json');
	}
	parse($dir, 'snapshot.json') if -e "$dir/snapshot.json";
	for my $name (qw(snapshot.json report.txt)) {
		complain($dir, "$name is empty") if -e "$dir/$name" &&
		    -z "$dir/$name";
	}
	if ($state eq 'failed') {
		my $log = slurp("$dir/log");
		complain($dir, 'failed, and the log does not say why') unless
		    defined $log && $log =~ /swept: |snap-put/;
	}
	if ($state eq 'archive' || $state eq 'failed') {
		for my $name (names($dir), map { "attach/$_" }
		    names("$dir/attach")) {
			complain($dir, "$name is left") if
			    $name =~ m{\.new$|\.[0-9]+$|(^|/)\.};
		}
	}
	my $owner = $meta->{owner};
	complain($dir, "not in the list of its owner $owner") if $owner &&
	    -d "$store/owner" && !-e "$store/owner/$owner/$id";
}

sub check_store {
	my ($store) = @_;
	my %seen;
	for my $state (qw(new pending sending archive failed)) {
		for my $name (names("$store/$state")) {
			if ($name !~ $id_form) {
				complain("$store/$state", "$name is left") if
				    $name !~ /^\.(sweep|turn[0-9]+)$/ &&
				    ($rest || $state =~ /archive|failed/);
				next;
			}
			complain("$store/$state/$name",
			    "it is in $seen{$name}/ too") if $seen{$name};
			$seen{$name} = $state;
			complain("$store/$state/$name", 'it is left') if $rest &&
			    $state =~ /new|pending|sending/;
			check_record($store, $state, $name) if $state ne 'new';
		}
	}
	for my $owner (names("$store/owner")) {
		for my $id (names("$store/owner/$owner")) {
			complain("$store/owner/$owner",
			    "$id is no record") unless $seen{$id};
		}
	}
}

check_store($_) for @ARGV;
exit $bad;
