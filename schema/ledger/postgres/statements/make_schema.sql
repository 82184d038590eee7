CREATE SCHEMA provstore
