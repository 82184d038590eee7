SELECT document, since, until FROM live
