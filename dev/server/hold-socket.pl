#!/usr/bin/perl
# hold-socket.pl PORT PROGRAM ARGUMENTS…
# What a .socket unit of systemd does: holds the port of a service on descriptor 3, hands it over to each start of the program, and
# starts that again whenever it ends. Prints "started <pid>" at each start. SIGTERM ends both.
use strict;
use warnings;
use Socket;

my ($port, @program) = @ARGV;
$^F = 3;
socket(my $held, AF_INET, SOCK_STREAM, 0) or die $!;
fileno($held) == 3 or die 'descriptor 3 is taken';
setsockopt($held, SOL_SOCKET, SO_REUSEADDR, 1) or die $!;
bind($held, sockaddr_in($port, INADDR_LOOPBACK)) or die $!;
listen($held, 1024) or die $!;

my $child = 0;
$SIG{TERM} = sub { kill TERM => $child; waitpid $child, 0; exit 0 };
$| = 1;
while (1) {
    $child = fork // die $!;
    if ($child == 0) {
        @ENV{qw(LISTEN_PID LISTEN_FDS)} = ($$, 1);
        exec @program or die $!;
    }
    print "started $child\n";
    waitpid $child, 0;
}
