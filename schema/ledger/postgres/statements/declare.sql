DECLARE {cursor} NO SCROLL CURSOR FOR {statement}
