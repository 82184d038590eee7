-- Times never decrease along the sequence (rule 11).
SELECT max(sequence) FROM entry WHERE time <= %(time)s
