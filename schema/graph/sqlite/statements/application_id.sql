PRAGMA application_id = 1886547815
