"""The tables, in PostgreSQL's types, and the numbered steps that made them.

Natural text keys; dates and instants are ISO text, which sorts as it should; absent texts are empty. `operation` is
the number of the history record that wrote the row's present state. Checks are written with OR: SQLite builds a table
for every IN, which makes an insert four times as slow. People's data is in `person` alone: other tables and the history
name a person by a salted digest.
"""

NUMBERS_IN_RECORD = 4_000
"""So many characters of a record's numbers, a JSON text, are kept in the record; the others are in `later_numbers`."""

# One entry for each version: a register at version N has run the first N.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
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
            users BIGINT,
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
            imported_in BIGINT NOT NULL,
            operation BIGINT NOT NULL
        )
        """,
        "CREATE INDEX application_by_organization ON application (inn, kpp)",
        "CREATE INDEX application_by_submission ON application (submitted_on, number)",
        "CREATE INDEX application_waiting ON application (submitted_on, number) WHERE status = 'new'",
        "CREATE INDEX application_processed ON application (processed_on, number) WHERE processed_on IS NOT NULL",
        "CREATE INDEX application_imported ON application (imported_in)",
        "CREATE INDEX application_by_account ON application (account) WHERE account <> ''",
        """
        CREATE TABLE person (
            digest TEXT NOT NULL PRIMARY KEY,
            application TEXT NOT NULL,
            salt TEXT NOT NULL,
            snils TEXT NOT NULL,
            name TEXT NOT NULL,
            position TEXT NOT NULL,
            inn TEXT NOT NULL
        )
        """,
        "CREATE INDEX person_by_application ON person (application)",
        """
        CREATE TABLE licence (
            application TEXT NOT NULL PRIMARY KEY REFERENCES application (number),
            inn TEXT NOT NULL,
            kpp TEXT NOT NULL,
            tier TEXT NOT NULL CHECK (tier = '2-9' OR tier = '10+'),
            starts_on TEXT NOT NULL,
            ends_on TEXT NOT NULL,
            sold_on TEXT,
            cancelled_on TEXT,
            late BIGINT NOT NULL DEFAULT 0,
            operation BIGINT NOT NULL
        )
        """,
        "CREATE INDEX licence_by_organization ON licence (inn, kpp)",
        """
        CREATE INDEX licence_sold ON licence (sold_on, tier, application)
        WHERE sold_on IS NOT NULL AND cancelled_on IS NULL AND late = 0
        """,
        "CREATE INDEX licence_late ON licence (sold_on) WHERE late = 1",
        """
        CREATE TABLE month (
            month TEXT NOT NULL PRIMARY KEY,
            state TEXT NOT NULL CHECK (state = 'open' OR state = 'closed' OR state = 'invoiced'),
            statement BIGINT,
            without_statement TEXT NOT NULL DEFAULT '',
            contract TEXT NOT NULL DEFAULT '',
            agreed_kopecks BIGINT,
            hash TEXT NOT NULL DEFAULT '',
            operation BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE statement (
            statement BIGINT NOT NULL PRIMARY KEY,
            month TEXT NOT NULL,
            file TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            stated_total_kopecks BIGINT
        )
        """,
        """
        CREATE TABLE statement_row (
            statement BIGINT NOT NULL REFERENCES statement (statement),
            row_number BIGINT NOT NULL,
            payable_kopecks BIGINT NOT NULL,
            number TEXT NOT NULL,
            inn TEXT NOT NULL,
            kpp TEXT NOT NULL,
            name TEXT NOT NULL,
            tier TEXT NOT NULL,
            processed_on TEXT,
            list_price_kopecks BIGINT,
            discount_rate BIGINT,
            discount_kopecks BIGINT,
            PRIMARY KEY (statement, row_number)
        )
        """,
        """
        CREATE TABLE resolution (
            name TEXT NOT NULL PRIMARY KEY,
            month TEXT NOT NULL,
            pair TEXT NOT NULL,
            action TEXT NOT NULL CHECK (action = 'accept' OR action = 'carry'),
            reason TEXT NOT NULL,
            content TEXT NOT NULL,
            takes TEXT NOT NULL DEFAULT '',
            operation BIGINT NOT NULL
        )
        """,
        "CREATE INDEX resolution_by_month ON resolution (month)",
        """
        CREATE TABLE charge (
            month TEXT NOT NULL,
            place BIGINT NOT NULL,
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
            list_price_kopecks BIGINT NOT NULL,
            discount_rate BIGINT NOT NULL,
            discount_kopecks BIGINT NOT NULL,
            carried BIGINT NOT NULL,
            taken_from TEXT NOT NULL,
            PRIMARY KEY (month, place)
        )
        """,
        "CREATE INDEX charge_by_number ON charge (number)",
        "CREATE INDEX charge_by_cause ON charge (cause)",
        "CREATE INDEX licence_called_off ON licence (application) WHERE cancelled_on IS NOT NULL",
        "CREATE INDEX charge_carried ON charge (month) WHERE carried = 1",
        """
        CREATE TABLE invoice (
            number TEXT NOT NULL PRIMARY KEY,
            month TEXT NOT NULL UNIQUE REFERENCES month (month),
            dated_on TEXT NOT NULL,
            amount_kopecks BIGINT NOT NULL,
            paid_on TEXT,
            operation BIGINT NOT NULL
        )
        """,
        """
        CREATE TABLE history (
            operation BIGINT NOT NULL PRIMARY KEY,
            done_at TEXT NOT NULL,
            done_by TEXT NOT NULL,
            command TEXT NOT NULL,
            numbers TEXT NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            undoes BIGINT UNIQUE REFERENCES history (operation),
            hash TEXT NOT NULL
        )
        """,
        """
        CREATE TABLE history_subject (
            subject TEXT NOT NULL,
            operation BIGINT NOT NULL REFERENCES history (operation),
            PRIMARY KEY (subject, operation)
        )
        """,
        "CREATE INDEX history_subject_by_operation ON history_subject (operation)",
    ),
    (
        # What an organisation's contacts are is in `person`, under this digest.
        "ALTER TABLE application ADD COLUMN contact TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE person ADD COLUMN phone TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE person ADD COLUMN email TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE person ADD COLUMN certificate_until TEXT NOT NULL DEFAULT ''",
        "CREATE INDEX person_by_certificate ON person (certificate_until) WHERE certificate_until <> ''",
        "CREATE INDEX licence_by_end ON licence (ends_on, application)",
        # Few among many processed ones; without it a list of them looks through all.
        """
        CREATE INDEX application_rejected_or_cancelled ON application (status, submitted_on, number)
        WHERE status = 'rejected' OR status = 'cancelled'
        """,
        # The last day of a licence's whole term, whatever ended it before; NULL where an earlier mureg made it.
        "ALTER TABLE licence ADD COLUMN term_ends_on TEXT",
        # What an operation changed beyond the rows that its record holds itself.
        """
        CREATE TABLE history_images (
            operation BIGINT NOT NULL,
            place BIGINT NOT NULL,
            before TEXT NOT NULL,
            after TEXT NOT NULL,
            PRIMARY KEY (operation, place)
        )
        """,
        # By day, then number, as the charges of a month are shown: the first ones are read without the others.
        "DROP INDEX licence_sold",
        """
        CREATE INDEX licence_sold ON licence (sold_on, application, tier)
        WHERE sold_on IS NOT NULL AND cancelled_on IS NULL AND late = 0
        """,
        # What follows from the licences, so that the sales of a month need not be counted whenever they are shown.
        """
        CREATE TABLE sale_count (
            sold_on TEXT NOT NULL,
            tier TEXT NOT NULL,
            licences BIGINT NOT NULL,
            PRIMARY KEY (sold_on, tier)
        )
        """,
        """
        INSERT INTO sale_count (sold_on, tier, licences)
        SELECT sold_on, tier, count(*) FROM licence
        WHERE sold_on IS NOT NULL AND cancelled_on IS NULL AND late = 0 GROUP BY sold_on, tier
        """,
        # An import may have millions of numbers: lists of operations read the first ones, and their count, which is
        # half the count of quotation marks that are not escaped. SQLite reads the last column only where it is named.
        "ALTER TABLE history ADD COLUMN number_count BIGINT NOT NULL DEFAULT 0",
        "ALTER TABLE history ADD COLUMN later_numbers TEXT NOT NULL DEFAULT ''",
        rf"""
        UPDATE history SET
            number_count = (
                length(replace(replace(numbers, '\\', ''), '\"', ''))
                - length(replace(replace(replace(numbers, '\\', ''), '\"', ''), '"', ''))
            ) / 2,
            later_numbers = substr(numbers, {NUMBERS_IN_RECORD} + 1),
            numbers = substr(numbers, 1, {NUMBERS_IN_RECORD})
        """,
    ),
)

VERSION = len(MIGRATIONS)

# Every table, in an order in which they can be filled: what others refer to comes first; a closed month takes no more
# statements and resolutions, and takes its charges as long as the history does not have the operation that closed it;
# an operation's images come before its record.
TABLES = (
    "application", "person", "licence", "sale_count", "statement", "statement_row", "resolution", "month", "charge",
    "invoice", "history_images", "history", "history_subject",
)  # fmt: skip


# Indexes of the table that a large import fills, with the statements that make them.
APPLICATION_INDEXES = {
    statement.split()[2]: statement
    for statements in MIGRATIONS
    for statement in statements
    if " ON application (" in statement
}

# Tables whose rows an operation changes and undo brings back, with their keys.
KEY_OF = {
    "application": "number",
    "licence": "application",
    "month": "month",
    "resolution": "name",
    "invoice": "number",
}
