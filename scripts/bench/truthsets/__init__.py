"""What the benchmark on public sets of people needs: the FEBRL files and the peer."""
