// Fragment of find: whatever the server cannot decide.
true
