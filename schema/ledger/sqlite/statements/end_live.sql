UPDATE live SET until = ? WHERE document = ? AND until IS NULL
