import Testing

/// Everything with real processes. One test after the other: each runs a whole station, and some look at the clock.
@Suite(.serialized, .timeLimit(.minutes(5))) enum Integration {}
