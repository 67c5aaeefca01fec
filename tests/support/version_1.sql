BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'mureg','0001','2026-11-27 05:04:14.119299+00:00');
CREATE TABLE application (
            number TEXT NOT NULL PRIMARY KEY,
            kind TEXT NOT NULL,
            submitted_on TEXT NOT NULL,
            inn TEXT NOT NULL,
            kpp TEXT NOT NULL,
            ogrn TEXT NOT NULL,
            name TEXT NOT NULL,
            account TEXT NOT NULL,
            program_number TEXT NOT NULL,
            requested TEXT NOT NULL CHECK (requested = 'on' OR requested = 'off' OR requested = 'unstated'),
            requested_tier TEXT NOT NULL
                CHECK (requested_tier = '' OR requested_tier = '2-9' OR requested_tier = '10+'),
            users INTEGER,
            authorities TEXT NOT NULL,
            promotion TEXT NOT NULL,
            client_comment TEXT NOT NULL,
            owners TEXT NOT NULL DEFAULT '[]',
            search TEXT NOT NULL,
            effective TEXT NOT NULL CHECK (effective = 'on' OR effective = 'off'),
            tier TEXT NOT NULL CHECK (tier = '' OR tier = '2-9' OR tier = '10+'),
            status TEXT NOT NULL DEFAULT 'new'
                CHECK (status = 'new' OR status = 'processed' OR status = 'rejected' OR status = 'cancelled'),
            processed_on TEXT,
            comment TEXT NOT NULL DEFAULT '',
            set_option TEXT NOT NULL DEFAULT '' CHECK (set_option = '' OR set_option = 'on' OR set_option = 'off'),
            set_tier TEXT NOT NULL DEFAULT '' CHECK (set_tier = '' OR set_tier = '2-9' OR set_tier = '10+'),
            set_by TEXT NOT NULL DEFAULT '',
            without_sale TEXT NOT NULL DEFAULT '',
            cancelled_on TEXT,
            source_file TEXT NOT NULL,
            imported_in INTEGER NOT NULL,
            operation INTEGER NOT NULL
        ) STRICT;
INSERT INTO "application" VALUES('ZV-1042','connection','2023-08-07','7700123459','770001001','1237700000120','ООО «Ромашка»','','800000001','on','',NULL,'ФНС
СФР','','','[{"person": "7930eccff60d6a845bbebd598b801d33e51cfc76365cc1e5644eb76a442e1e31", "roles": ["signing", "encryption", "administration"], "authorities": ["ФНС", "СФР"], "sender": true, "removed": false, "potential": false, "certificate": ""}, {"person": "e9bc8c6bcc6e3aa46a5a0b05d52036cd55218a35aa0143a7d6da4bd9667f54a6", "roles": ["signing", "encryption"], "authorities": ["ФНС", "СФР"], "sender": false, "removed": false, "potential": false, "certificate": "read"}, {"person": "8bb90c596bab4f22da61918539a0d33f3b48405196ee7b1bf672564e89f5758e", "roles": ["signing"], "authorities": ["ФНС"], "sender": false, "removed": false, "potential": false, "certificate": ""}]','zv-1042
7700123459
ооо «ромашка»','on','2-9','new',NULL,'','','','','',NULL,'examples/applications/ZV-1042.xml',1,1);
INSERT INTO "application" VALUES('ZV-1046','connection','2023-08-22','7700010462','770001001','1237799010460','ООО «Мимоза»','','800000001','unstated','',NULL,'ФНС
СФР','','','[{"person": "", "erased": 1, "roles": [], "authorities": [], "sender": true, "removed": false, "potential": false, "certificate": ""}]','zv-1046
7700010462
ооо «мимоза»','off','','rejected','2023-08-23','нет','','','','',NULL,'examples/applications/ZV-1046.xml',1,8);
INSERT INTO "application" VALUES('ZV-1044','change','2023-08-16','5000010382','','','ООО «Фиалка»','TEST-1038','800000001','off','',NULL,'ФНС
СФР','','Отчитываться будет один директор','[{"person": "ccd44b8c6a404e155a56fa40afc6f9e1cdb3e31c8e5bdba0b054834caa964598", "roles": ["signing", "encryption", "administration"], "authorities": ["ФНС", "СФР"], "sender": true, "removed": false, "potential": false, "certificate": ""}]','zv-1044
5000010382
ооо «фиалка»','off','','new',NULL,'','','','','',NULL,'examples/applications/ZV-1044.xml',1,1);
INSERT INTO "application" VALUES('T-1','connection','2023-08-02','7700010328','770001001','','АО Подсолнух','','','on','2-9',NULL,'','','Позвать Ольгу','[]','t-1
7700010328
ао подсолнух','on','10+','processed','2023-08-14','','on','10+','olga','',NULL,'a.csv',2,5);
INSERT INTO "application" VALUES('T-2','connection','2023-08-02','7700010350','770001001','','ООО Колокольчик','','','on','10+',NULL,'','','','[]','t-2
7700010350
ооо колокольчик','on','10+','processed','2023-08-14','','','','','',NULL,'a.csv',2,5);
CREATE TABLE charge (
            month TEXT NOT NULL,
            place INTEGER NOT NULL,
            number TEXT NOT NULL,
            inn TEXT NOT NULL,
            kpp TEXT NOT NULL,
            name TEXT NOT NULL,
            tier TEXT NOT NULL,
            sold_on TEXT NOT NULL,
            promotion TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind = 'sale' OR kind = 'correction'),
            corrects TEXT NOT NULL,
            cause TEXT NOT NULL,
            list_price_kopecks INTEGER NOT NULL,
            discount_rate INTEGER NOT NULL,
            discount_kopecks INTEGER NOT NULL,
            carried INTEGER NOT NULL,
            taken_from TEXT NOT NULL,
            PRIMARY KEY (month, place)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE history (
            operation INTEGER NOT NULL PRIMARY KEY,
            done_at TEXT NOT NULL,
            done_by TEXT NOT NULL,
            command TEXT NOT NULL,
            numbers TEXT NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            undoes INTEGER UNIQUE REFERENCES history (operation),
            hash TEXT NOT NULL
        ) STRICT;
INSERT INTO "history" VALUES(1,'2026-11-27T05:04:14Z','olga','application import','["ZV-1042","ZV-1044","ZV-1046"]','{}','{"files":["examples/applications/ZV-1042.xml","examples/applications/ZV-1044.xml","examples/applications/ZV-1046.xml"],"rows_sha256":"45de6887ee2420f7e7337ebf9a9f66a5a440a62d280283a711892044858c0112","subjects_sha256":"4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"}',NULL,'f2a4e4c397328be7b5bacf401b2243784cef4ed4774a75e5d23481ed75acbd23');
INSERT INTO "history" VALUES(2,'2026-11-27T05:04:14Z','olga','application import','["T-1","T-2"]','{}','{"files":["a.csv"],"rows_sha256":"c78a2e06e4daa4d2e2c7ae9bf28c0d2530e4465a95a4448457ede5e27ddc74ca","subjects_sha256":"4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"}',NULL,'e61002ae9d9fe6946d4ed7c02ae024b7f3a3ed7915065d3cc70e2fb5ae5ab692');
INSERT INTO "history" VALUES(3,'2026-11-27T05:04:14Z','olga','application import','["T-1"]','{"application":{"T-1":{"client_comment":{"digest":"ae69fbce15f0ca4dd77ee33a7c1ccecfbae9c1e25d02ee920f2a6633610881e4"},"operation":2}}}','{"application":{"T-1":{"client_comment":{"digest":"fbea3cefd944a2a6d1dbcc868d19dc599914f820ff957a50d6ab9b9d7b070b0a"},"operation":3}},"files":["a.csv"],"subjects_sha256":"1e664b00e7c42f12131b43fe581ef72b451c0339561f3e8a8a29977eca43975d"}',NULL,'7657e939f0163a2000342fa26a26f13d086f5a68c62b3066445cbb45e1f37340');
INSERT INTO "history" VALUES(4,'2026-11-27T05:04:14Z','olga','application set-multiuser','["T-1"]','{"application":{"T-1":{"operation":3,"set_by":"","set_option":"","set_tier":"","tier":"2-9"}}}','{"application":{"T-1":{"operation":4,"set_by":"olga","set_option":"on","set_tier":"10+","tier":"10+"}},"subjects_sha256":"1e664b00e7c42f12131b43fe581ef72b451c0339561f3e8a8a29977eca43975d"}',NULL,'d91af3a35bbabe5f054733443cdc3617ddd855ed407a462412c49d5bd622014b');
INSERT INTO "history" VALUES(5,'2026-11-27T05:04:14Z','olga','application process','["T-1","T-2"]','{"application":{"T-1":{"operation":4,"processed_on":null,"status":"new"},"T-2":{"operation":2,"processed_on":null,"status":"new"}}}','{"application":{"T-1":{"operation":5,"processed_on":"2023-08-14","status":"processed"},"T-2":{"operation":5,"processed_on":"2023-08-14","status":"processed"}},"licence":{"T-1":{"application":"T-1","ends_on":"2024-08-13","inn":"7700010328","kpp":"770001001","late":0,"operation":5,"sold_on":"2023-08-14","starts_on":"2023-08-14","tier":"10+"},"T-2":{"application":"T-2","ends_on":"2024-08-13","inn":"7700010350","kpp":"770001001","late":0,"operation":5,"sold_on":"2023-08-14","starts_on":"2023-08-14","tier":"10+"}},"subjects_sha256":"2de566aded087f8ea050b49623780c1ed3edaed29aab501fd486a64aa242da8c"}',NULL,'ce2be9ef70273e1656b9b799092e401dd78025556fb0f9d5688c82847fa221ac');
INSERT INTO "history" VALUES(6,'2026-11-27T05:04:14Z','olga','application reject','["ZV-1046"]','{"application":{"ZV-1046":{"comment":"","operation":1,"processed_on":null,"status":"new"}}}','{"application":{"ZV-1046":{"comment":"нет","operation":6,"processed_on":"2023-08-23","status":"rejected"}},"subjects_sha256":"fc705ccc37ea0d7e45381b4c69b1b059435b7a895b69a51d13f904b85778452d"}',NULL,'b32918410faa3561f15f979c438a6d1ce83a0307fc27c22e5e41c8ecd15e799a');
INSERT INTO "history" VALUES(7,'2026-11-27T05:04:14Z','olga','reconcile','[]','{}','{"month":{"2023-08":{"contract":"","hash":"","month":"2023-08","operation":7,"state":"open","statement":7,"without_statement":""}},"statement":{"file":"s.csv","rows":2,"sha256":"073baa6a8924725d2ce1999a3c090dc7edd9c5098a3d461c0ce6edaa7cd2df3f"},"statement_sha256":"c250cc6797ed67b07b0cdfa2f4caf7edc1833e0a18f6889804421e1386295f6e","subjects_sha256":"3a2148247e89e7a907b2411afcae756fdcc2f973aec8ce4af48e7f51ed3de912"}',NULL,'fd4b9be530d497aba78e3ade14ba963354e8b1871343660303d086c6ac55dab0');
INSERT INTO "history" VALUES(8,'2026-11-27T05:04:14Z','olga','organization erase','["ZV-1046"]','{"application":{"ZV-1046":{"operation":6,"owners":"[{\"person\": \"d574c140b3e0119dd4076589c26b2afd1f93d712f00644caf3154aa2a42cb1e7\", \"roles\": [], \"authorities\": [], \"sender\": true, \"removed\": false, \"potential\": false, \"certificate\": \"\"}]"}}}','{"application":{"ZV-1046":{"operation":8,"owners":"[{\"person\": \"\", \"erased\": 1, \"roles\": [], \"authorities\": [], \"sender\": true, \"removed\": false, \"potential\": false, \"certificate\": \"\"}]"}},"erased":{"inn":"7700010462","kpp":"770001001","people":1,"reason":"письмо"},"subjects_sha256":"24c901165df26ff5c072d64584624b514927707aab178429c110b10464f61b64"}',NULL,'eed2888a15cbe420d25bf79283510e10c2f1c0c4d26f91d4561d0ca489023267');
INSERT INTO "history" VALUES(9,'2026-11-27T05:04:14Z','olga','application process','["ZV-1042"]','{"application":{"ZV-1042":{"operation":1,"processed_on":null,"status":"new"}}}','{"application":{"ZV-1042":{"operation":9,"processed_on":"2023-08-15","status":"processed"}},"licence":{"ZV-1042":{"application":"ZV-1042","ends_on":"2024-08-14","inn":"7700123459","kpp":"770001001","late":0,"operation":9,"sold_on":"2023-08-15","starts_on":"2023-08-15","tier":"2-9"}},"subjects_sha256":"98cdc1e3644bff774a80c619859d98da5f85e1b747207b8f42cdd3657fdac44f"}',NULL,'3ecb8f68d8dff5458ea617bdf89c0d3a706679ef9e88b94cdd8843cf79820782');
INSERT INTO "history" VALUES(10,'2026-11-27T05:04:15Z','olga','undo','["ZV-1042"]','{"application":{"ZV-1042":{"operation":9,"processed_on":"2023-08-15","status":"processed"}},"licence":{"ZV-1042":{"application":"ZV-1042","ends_on":"2024-08-14","inn":"7700123459","kpp":"770001001","late":0,"operation":9,"sold_on":"2023-08-15","starts_on":"2023-08-15","tier":"2-9"}}}','{"application":{"ZV-1042":{"operation":1,"processed_on":null,"status":"new"}},"subjects_sha256":"98cdc1e3644bff774a80c619859d98da5f85e1b747207b8f42cdd3657fdac44f"}',9,'bbe90b5bec1404b13d168c983729a18267810687751eea1f9dad1d15eaa057c8');
CREATE TABLE history_subject (
            subject TEXT NOT NULL,
            operation INTEGER NOT NULL REFERENCES history (operation),
            PRIMARY KEY (subject, operation)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "history_subject" VALUES('application T-1',3);
INSERT INTO "history_subject" VALUES('application T-1',4);
INSERT INTO "history_subject" VALUES('application T-1',5);
INSERT INTO "history_subject" VALUES('application T-2',5);
INSERT INTO "history_subject" VALUES('organization 7700010328/770001001',5);
INSERT INTO "history_subject" VALUES('organization 7700010350/770001001',5);
INSERT INTO "history_subject" VALUES('application ZV-1046',6);
INSERT INTO "history_subject" VALUES('month 2023-08',7);
INSERT INTO "history_subject" VALUES('application ZV-1046',8);
INSERT INTO "history_subject" VALUES('erasure 7700010462/770001001',8);
INSERT INTO "history_subject" VALUES('organization 7700010462/770001001',8);
INSERT INTO "history_subject" VALUES('application ZV-1042',9);
INSERT INTO "history_subject" VALUES('organization 7700123459/770001001',9);
INSERT INTO "history_subject" VALUES('application ZV-1042',10);
INSERT INTO "history_subject" VALUES('organization 7700123459/770001001',10);
CREATE TABLE invoice (
            number TEXT NOT NULL PRIMARY KEY,
            month TEXT NOT NULL UNIQUE REFERENCES month (month),
            dated_on TEXT NOT NULL,
            amount_kopecks INTEGER NOT NULL,
            paid_on TEXT,
            operation INTEGER NOT NULL
        ) STRICT;
CREATE TABLE licence (
            application TEXT NOT NULL PRIMARY KEY REFERENCES application (number),
            inn TEXT NOT NULL,
            kpp TEXT NOT NULL,
            tier TEXT NOT NULL CHECK (tier = '2-9' OR tier = '10+'),
            starts_on TEXT NOT NULL,
            ends_on TEXT NOT NULL,
            sold_on TEXT,
            cancelled_on TEXT,
            late INTEGER NOT NULL DEFAULT 0,
            operation INTEGER NOT NULL
        ) STRICT;
INSERT INTO "licence" VALUES('T-1','7700010328','770001001','10+','2023-08-14','2024-08-13','2023-08-14',NULL,0,5);
INSERT INTO "licence" VALUES('T-2','7700010350','770001001','10+','2023-08-14','2024-08-13','2023-08-14',NULL,0,5);
CREATE TABLE month (
            month TEXT NOT NULL PRIMARY KEY,
            state TEXT NOT NULL CHECK (state = 'open' OR state = 'closed' OR state = 'invoiced'),
            statement INTEGER,
            without_statement TEXT NOT NULL DEFAULT '',
            contract TEXT NOT NULL DEFAULT '',
            agreed_kopecks INTEGER,
            hash TEXT NOT NULL DEFAULT '',
            operation INTEGER NOT NULL
        ) STRICT;
INSERT INTO "month" VALUES('2023-08','open',7,'','',NULL,'',7);
CREATE TABLE person (
            digest TEXT NOT NULL PRIMARY KEY,
            application TEXT NOT NULL,
            salt TEXT NOT NULL,
            snils TEXT NOT NULL,
            name TEXT NOT NULL,
            position TEXT NOT NULL,
            inn TEXT NOT NULL
        ) STRICT;
INSERT INTO "person" VALUES('7930eccff60d6a845bbebd598b801d33e51cfc76365cc1e5644eb76a442e1e31','ZV-1042','ff40a5faec658687151e65d9f005a55d','112-233-445 95','Иванова Анна Петровна','Директор','770012345606');
INSERT INTO "person" VALUES('e9bc8c6bcc6e3aa46a5a0b05d52036cd55218a35aa0143a7d6da4bd9667f54a6','ZV-1042','80d7fe984d3d48af4292120b7e56a90a','900-001-011 88','Петрова Мария Сергеевна','Главный бухгалтер','770000101193');
INSERT INTO "person" VALUES('8bb90c596bab4f22da61918539a0d33f3b48405196ee7b1bf672564e89f5758e','ZV-1042','f584ee0215c963a177972df9c1d8b453','900-001-012 89','Кузнецов Пётр Ильич','Бухгалтер по налогам','770000101267');
INSERT INTO "person" VALUES('ccd44b8c6a404e155a56fa40afc6f9e1cdb3e31c8e5bdba0b054834caa964598','ZV-1044','c019f3aae8b40f6c217a8052675e41ec','900-001-016 93','Волков Сергей Игоревич','Директор','770000101651');
INSERT INTO "person" VALUES('ae69fbce15f0ca4dd77ee33a7c1ccecfbae9c1e25d02ee920f2a6633610881e4','T-1','f84f3f432a8bd1d6d6bee305c66ea396','','Позвать Анну','','');
INSERT INTO "person" VALUES('fbea3cefd944a2a6d1dbcc868d19dc599914f820ff957a50d6ab9b9d7b070b0a','T-1','8593f99dac855ab7313fa4a6d5337600','','Позвать Ольгу','','');
CREATE TABLE resolution (
            name TEXT NOT NULL PRIMARY KEY,
            month TEXT NOT NULL,
            pair TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action = 'accept' OR action = 'carry'),
            reason TEXT NOT NULL,
            content TEXT NOT NULL,
            takes TEXT NOT NULL DEFAULT '',
            operation INTEGER NOT NULL
        ) STRICT;
CREATE TABLE statement (
            statement INTEGER NOT NULL PRIMARY KEY,
            month TEXT NOT NULL,
            file TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            stated_total_kopecks INTEGER
        ) STRICT;
INSERT INTO "statement" VALUES(7,'2023-08','s.csv','073baa6a8924725d2ce1999a3c090dc7edd9c5098a3d461c0ce6edaa7cd2df3f',NULL);
CREATE TABLE statement_row (
            statement INTEGER NOT NULL REFERENCES statement (statement),
            row_number INTEGER NOT NULL,
            payable_kopecks INTEGER NOT NULL,
            number TEXT NOT NULL,
            inn TEXT NOT NULL,
            kpp TEXT NOT NULL,
            name TEXT NOT NULL,
            tier TEXT NOT NULL,
            processed_on TEXT,
            list_price_kopecks INTEGER,
            discount_rate INTEGER,
            discount_kopecks INTEGER,
            PRIMARY KEY (statement, row_number)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "statement_row" VALUES(7,2,360000,'T-1','7700010328','','','',NULL,NULL,NULL,NULL);
INSERT INTO "statement_row" VALUES(7,3,360000,'T-2','7700010350','','','',NULL,NULL,NULL,NULL);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX application_by_organization ON application (inn, kpp);
CREATE INDEX application_by_submission ON application (submitted_on, number);
CREATE INDEX application_waiting ON application (submitted_on, number) WHERE status = 'new';
CREATE INDEX application_processed ON application (processed_on, number) WHERE processed_on IS NOT NULL;
CREATE INDEX application_imported ON application (imported_in);
CREATE INDEX application_by_account ON application (account) WHERE account <> '';
CREATE INDEX person_by_application ON person (application);
CREATE INDEX licence_by_organization ON licence (inn, kpp);
CREATE INDEX licence_sold ON licence (sold_on, tier, application)
        WHERE sold_on IS NOT NULL AND cancelled_on IS NULL AND late = 0;
CREATE INDEX licence_late ON licence (sold_on) WHERE late = 1;
CREATE INDEX resolution_by_month ON resolution (month);
CREATE INDEX charge_by_number ON charge (number);
CREATE INDEX charge_by_cause ON charge (cause);
CREATE INDEX licence_called_off ON licence (application) WHERE cancelled_on IS NOT NULL;
CREATE INDEX charge_carried ON charge (month) WHERE carried = 1;
CREATE INDEX history_subject_by_operation ON history_subject (operation);
CREATE TRIGGER guard_history_update BEFORE UPDATE ON history WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'mureg: history is closed to change'); END;
CREATE TRIGGER guard_history_delete BEFORE DELETE ON history WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'mureg: history is closed to change'); END;
CREATE TRIGGER guard_history_subject_update BEFORE UPDATE ON history_subject WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'mureg: history_subject is closed to change'); END;
CREATE TRIGGER guard_history_subject_delete BEFORE DELETE ON history_subject WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'mureg: history_subject is closed to change'); END;
CREATE TRIGGER guard_statement_update BEFORE UPDATE ON statement WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'mureg: statement is closed to change'); END;
CREATE TRIGGER guard_statement_delete BEFORE DELETE ON statement WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'mureg: statement is closed to change'); END;
CREATE TRIGGER guard_statement_row_update BEFORE UPDATE ON statement_row WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'mureg: statement_row is closed to change'); END;
CREATE TRIGGER guard_statement_row_delete BEFORE DELETE ON statement_row WHEN 1 = 1 BEGIN SELECT RAISE(ABORT, 'mureg: statement_row is closed to change'); END;
CREATE TRIGGER guard_history_insert BEFORE INSERT ON history WHEN EXISTS (SELECT 1 FROM history h WHERE h.operation = NEW.operation) BEGIN SELECT RAISE(ABORT, 'mureg: history is closed to change'); END;
CREATE TRIGGER guard_statement_insert BEFORE INSERT ON statement WHEN EXISTS (SELECT 1 FROM month m WHERE m.month = NEW.month AND m.state <> 'open') OR EXISTS (SELECT 1 FROM statement k WHERE k.statement = NEW.statement) BEGIN SELECT RAISE(ABORT, 'mureg: statement is closed to change'); END;
CREATE TRIGGER guard_statement_row_insert BEFORE INSERT ON statement_row WHEN EXISTS (SELECT 1 FROM history h WHERE h.operation = NEW.statement) BEGIN SELECT RAISE(ABORT, 'mureg: statement_row is closed to change'); END;
CREATE TRIGGER guard_charge_insert BEFORE INSERT ON charge WHEN EXISTS (SELECT 1 FROM month m WHERE m.month = NEW.month AND m.state <> 'open') BEGIN SELECT RAISE(ABORT, 'mureg: charge is closed to change'); END;
CREATE TRIGGER guard_resolution_insert BEFORE INSERT ON resolution WHEN EXISTS (SELECT 1 FROM month m WHERE m.month = NEW.month AND m.state <> 'open') BEGIN SELECT RAISE(ABORT, 'mureg: resolution is closed to change'); END;
CREATE TRIGGER guard_charge_delete BEFORE DELETE ON charge WHEN EXISTS (SELECT 1 FROM month m WHERE m.month = OLD.month AND m.state <> 'open') BEGIN SELECT RAISE(ABORT, 'mureg: charge is closed to change'); END;
CREATE TRIGGER guard_resolution_delete BEFORE DELETE ON resolution WHEN EXISTS (SELECT 1 FROM month m WHERE m.month = OLD.month AND m.state <> 'open') BEGIN SELECT RAISE(ABORT, 'mureg: resolution is closed to change'); END;
CREATE TRIGGER guard_charge_update BEFORE UPDATE ON charge WHEN EXISTS (SELECT 1 FROM month m WHERE m.month = OLD.month AND m.state <> 'open') OR EXISTS (SELECT 1 FROM month m WHERE m.month = NEW.month AND m.state <> 'open') BEGIN SELECT RAISE(ABORT, 'mureg: charge is closed to change'); END;
CREATE TRIGGER guard_resolution_update BEFORE UPDATE ON resolution WHEN EXISTS (SELECT 1 FROM month m WHERE m.month = OLD.month AND m.state <> 'open') OR EXISTS (SELECT 1 FROM month m WHERE m.month = NEW.month AND m.state <> 'open') BEGIN SELECT RAISE(ABORT, 'mureg: resolution is closed to change'); END;
CREATE TRIGGER guard_month_insert BEFORE INSERT ON month WHEN EXISTS (SELECT 1 FROM month m WHERE m.month = NEW.month AND m.state <> 'open') BEGIN SELECT RAISE(ABORT, 'mureg: month is closed to change'); END;
CREATE TRIGGER guard_month_delete BEFORE DELETE ON month WHEN OLD.state <> 'open' BEGIN SELECT RAISE(ABORT, 'mureg: month is closed to change'); END;
CREATE TRIGGER guard_month_update BEFORE UPDATE ON month WHEN OLD.state <> 'open' AND (NEW.month <> OLD.month OR NEW.state = 'open' AND NEW.agreed_kopecks IS NOT NULL OR NEW.state <> 'invoiced' AND EXISTS (SELECT 1 FROM invoice i WHERE i.month = OLD.month) OR NEW.state = OLD.state AND NEW.operation <> OLD.operation OR NEW.state <> 'open' AND (NEW.hash <> OLD.hash OR NEW.contract <> OLD.contract OR NEW.without_statement <> OLD.without_statement OR (NEW.agreed_kopecks = OLD.agreed_kopecks) IS NOT TRUE OR COALESCE(NEW.statement, 0) <> COALESCE(OLD.statement, 0))) BEGIN SELECT RAISE(ABORT, 'mureg: month is closed to change'); END;
CREATE TRIGGER guard_invoice_insert BEFORE INSERT ON invoice WHEN EXISTS (SELECT 1 FROM invoice i WHERE i.number = NEW.number OR i.month = NEW.month) BEGIN SELECT RAISE(ABORT, 'mureg: invoice is closed to change'); END;
CREATE TRIGGER guard_invoice_delete BEFORE DELETE ON invoice WHEN OLD.paid_on IS NOT NULL BEGIN SELECT RAISE(ABORT, 'mureg: invoice is closed to change'); END;
CREATE TRIGGER guard_invoice_update BEFORE UPDATE ON invoice WHEN NEW.amount_kopecks <> OLD.amount_kopecks OR NEW.month <> OLD.month OR NEW.number <> OLD.number OR NEW.dated_on <> OLD.dated_on BEGIN SELECT RAISE(ABORT, 'mureg: invoice is closed to change'); END;
COMMIT;