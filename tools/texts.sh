#!/usr/bin/env bash
# Writes SipStreamApp/Resources/Texts.resx anew: every text that a page asks for with L("…"), sorted. To be run after a text was added or changed.
# Names must differ in more than their case: what begins small has a _ before it, what has no small letter two (Texts.Name).
set -euo pipefail
cd "$(dirname "$0")/.."
find SipStreamApp/Components SipStreamApp/Live SipStreamApp/Security/SignIn -name '*.razor' -o -name '*.cs' | sort | xargs perl -CSD -0777 -ne '
  while (/\bL\("((?:[^"\\]|\\.)*)"/g) { my $t = $1; $t =~ s/\\(["\\])/$1/g; $all{$t} = 1; }
  sub plain { my $t = shift; $t =~ s/&/&amp;/g; $t =~ s/</&lt;/g; $t =~ s/>/&gt;/g; $t }
  END {
    open(my $out, ">:utf8", "SipStreamApp/Resources/Texts.resx") or die;
    print $out qq(<?xml version="1.0" encoding="utf-8"?>\n<root>\n);
    print $out qq(  <resheader name="resmimetype"><value>text/microsoft-resx</value></resheader>\n  <resheader name="version"><value>2.0</value></resheader>\n);
    print $out qq(  <resheader name="reader"><value>System.Resources.ResXResourceReader, System.Windows.Forms</value></resheader>\n);
    print $out qq(  <resheader name="writer"><value>System.Resources.ResXResourceWriter, System.Windows.Forms</value></resheader>\n);
    for my $t (sort keys %all) { my $k = plain($t); (my $n = $k) =~ s/"/&quot;/g; $n = ($t !~ /\p{Ll}/ ? "__" : $t =~ /^\p{Ll}/ ? "_" : "") . $n; print $out qq(  <data name="$n" xml:space="preserve"><value>$k</value></data>\n); }
    print $out "</root>\n";
  }'
