UPDATE live SET until = %s WHERE document = %s AND until IS NULL
