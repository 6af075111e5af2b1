BEGIN TRANSACTION;
CREATE TABLE assessments (
	run INTEGER NOT NULL, 
	code VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	value VARCHAR, 
	unit VARCHAR NOT NULL, 
	target VARCHAR, 
	completion VARCHAR, 
	declared_path VARCHAR, 
	gap VARCHAR, 
	PRIMARY KEY (run, code), 
	FOREIGN KEY(run) REFERENCES runs (id)
);
CREATE TABLE ledger_rows (
	read INTEGER NOT NULL, 
	"table" INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	texts VARCHAR NOT NULL, 
	PRIMARY KEY (read, "table", number), 
	FOREIGN KEY(read, "table") REFERENCES tables (read, number)
);
CREATE TABLE readings (
	read INTEGER NOT NULL, 
	"table" INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	label VARCHAR NOT NULL, 
	parent VARCHAR NOT NULL, 
	area VARCHAR NOT NULL, 
	period VARCHAR, 
	measure VARCHAR NOT NULL, 
	value VARCHAR, 
	unit VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	ref VARCHAR NOT NULL, 
	raw VARCHAR NOT NULL, 
	PRIMARY KEY (read, "table", number), 
	FOREIGN KEY(read, "table") REFERENCES tables (read, number)
);
INSERT INTO "readings" VALUES(1,0,0,'规模以上工业总产值','','','2024-03','month','16.5','亿元','number','C4','16.5');
INSERT INTO "readings" VALUES(1,0,1,'规模以上工业总产值','','','2024-03','year-to-date','42.5','亿元','number','D4','42.5');
CREATE TABLE reads (
	id INTEGER NOT NULL, 
	vintage INTEGER NOT NULL, 
	reader VARCHAR NOT NULL, 
	periods VARCHAR NOT NULL, 
	doubts VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (vintage, reader), 
	FOREIGN KEY(vintage) REFERENCES vintages (id)
);
INSERT INTO "reads" VALUES(1,1,'e35a19bc1f611f52','2024-03','[]');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	district VARCHAR NOT NULL, 
	period VARCHAR NOT NULL, 
	as_of VARCHAR, 
	fingerprint VARCHAR(64) NOT NULL, 
	started VARCHAR NOT NULL, 
	finished VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	manifest VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE tables (
	read INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	layout VARCHAR NOT NULL, 
	sheet VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	period VARCHAR, 
	reporter VARCHAR NOT NULL, 
	notes VARCHAR NOT NULL, 
	ledger VARCHAR, 
	PRIMARY KEY (read, number), 
	FOREIGN KEY(read) REFERENCES reads (id)
);
INSERT INTO "tables" VALUES(1,0,'measures_across','主要经济指标','小河区2024年3月主要经济指标（演示数据）','2024-03','区统计局','[]',NULL);
CREATE TABLE vintages (
	id INTEGER NOT NULL, 
	district VARCHAR NOT NULL, 
	origin VARCHAR NOT NULL, 
	workbook VARCHAR NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	size INTEGER NOT NULL, 
	received VARCHAR NOT NULL, 
	pulled VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "vintages" VALUES(1,'small','inbox/2024-04-17/主要经济指标_2024年3月_演示数据.xlsx','主要经济指标_2024年3月_演示数据.xlsx','500c963545cc620f234e5ee120a673ceb9c56626807afb650cb32e6c091f75b6',5563,'2024-04-16T16:00:00.000000+00:00','2026-11-22T19:29:47.864563+00:00');
CREATE TABLE withdrawals (
	id INTEGER NOT NULL, 
	vintage INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(vintage) REFERENCES vintages (id)
);
CREATE INDEX vintages_by_origin ON vintages (district, origin);
CREATE INDEX runs_by_period ON runs (district, period);
COMMIT;
