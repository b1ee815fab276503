-- The contacts of a made-up company, as a CRM would export them. Every value follows from the row's number
-- and the name of its column by arithmetic on whole numbers, so that equal numbers of rows give equal tables on
-- every machine and with every version of DuckDB (whose own hash() may change).

-- Shift, multiply, and the rest modulo 2^31 - 1, a prime: each step gives different results for different
-- numbers, and three of them leave no trace of the order. Good for 2^31 - 1 rows.
CREATE OR REPLACE MACRO stir(x) AS xor(x, x >> 15) * 1812433253 % 2147483647;

CREATE OR REPLACE MACRO seed(column_name) AS (md5_number_lower('revarch 1 ' || column_name) % 2147483647)::BIGINT;

CREATE OR REPLACE MACRO draw(column_name, i, n) AS
    stir(stir(stir((i * 48271 + seed(column_name)) % 2147483647))) % n;

-- Of two draws the lesser: small numbers are the commonest.
CREATE OR REPLACE MACRO skewed(column_name, i, n) AS
    least(draw(column_name || '/1', i, n), draw(column_name || '/2', i, n));

-- One of a list, all alike or the first ones more often.
CREATE OR REPLACE MACRO one_of(column_name, i, list) AS list[1 + draw(column_name, i, len(list))];
CREATE OR REPLACE MACRO mostly(column_name, i, list) AS list[1 + skewed(column_name, i, len(list))];

-- True for so many rows in a thousand.
CREATE OR REPLACE MACRO permille(column_name, i, share) AS draw(column_name || '/share', i, 1000) < share;

-- A key of 18 characters; different numbers give different keys, because the factor is odd and so a
-- bijection modulo 2^40.
CREATE OR REPLACE MACRO key(prefix, number) AS
    prefix || upper(printf('%012x', (number * 2654435761) % 1099511627776)) || 'QAC';

CREATE OR REPLACE MACRO first_name_of(person) AS mostly('first_name', person, [
    'Anna', 'James', 'Maria', 'David', 'Sofia', 'Michael', 'Laura', 'Thomas', 'Emma', 'Daniel', 'Julia', 'Peter',
    'Sarah', 'Martin', 'Lena', 'Robert', 'Nina', 'Andreas', 'Olivia', 'Lukas', 'Hannah', 'Paul', 'Clara', 'Markus',
    'Eva', 'Simon', 'Alice', 'Jonas', 'Isabel', 'Mark', 'Chloé', 'Felix', 'Zoë', 'Karl', 'Ines', 'Hugo', 'Mei',
    'Arjun', 'Yuki', 'Omar', 'Fatima', 'Priya', 'Chen', 'Raj', 'Aisha', 'Diego', 'Camila', 'Mateo', 'Lucía', 'João',
    'Beatriz', 'Pierre', 'Camille', 'Luca', 'Giulia', 'Marco', 'Elena', 'Ivan', 'Olga', 'Piotr', 'Zofia', 'Lars',
    'Astrid', 'Björn', 'Freja', 'Mikkel', 'Aino', 'Sean', 'Aoife', 'Niamh', 'Tariq', 'Leila', 'Kofi', 'Ama', 'Thabo',
    'Zanele', 'Kenji', 'Sakura', 'Minh', 'Linh', 'Budi', 'Dewi', 'Ravi', 'Anita', 'Samuel', 'Ruth', 'Noah', 'Ella',
    'Oscar', 'Grace', 'Victor', 'Helena', 'Bruno', 'Teresa', 'Anton', 'Vera', 'Emil', 'Ida', 'Leon', 'Mia'
]);

CREATE OR REPLACE MACRO last_name_of(person) AS mostly('last_name', person, [
    'Smith', 'Müller', 'Garcia', 'Johnson', 'Schmidt', 'Brown', 'Martin', 'Williams', 'Schneider', 'Jones', 'Rossi',
    'Silva', 'Davis', 'Fischer', 'Lopez', 'Wilson', 'Weber', 'Santos', 'Taylor', 'Meyer', 'Anderson', 'Wagner',
    'Thomas', 'Becker', 'Moore', 'Schulz', 'Jackson', 'Hoffmann', 'White', 'Koch', 'Harris', 'Bauer', 'Clark',
    'Richter', 'Lewis', 'Klein', 'Walker', 'Wolf', 'Hall', 'Neumann', 'Young', 'Schwarz', 'King', 'Zimmermann',
    'Wright', 'Braun', 'Scott', 'Krüger', 'Green', 'Hofmann', 'Baker', 'Hartmann', 'Adams', 'Lange', 'Nelson',
    'Werner', 'Hill', 'Krause', 'Campbell', 'Lehmann', 'Mitchell', 'Köhler', 'Roberts', 'Maier', 'Carter', 'Dubois',
    'Leroy', 'Moreau', 'Bernard', 'Ferrari', 'Russo', 'Bianchi', 'Kowalski', 'Nowak', 'Novak', 'Ivanov', 'Petrov',
    'Larsen', 'Hansen', 'Johansson', 'Nilsson', 'Virtanen', 'Murphy', 'O''Brien', 'Kelly', 'Singh', 'Patel', 'Kumar',
    'Sharma', 'Khan', 'Ali', 'Wang', 'Li', 'Zhang', 'Liu', 'Tanaka', 'Sato', 'Suzuki', 'Kim', 'Park', 'Nguyen',
    'Tran', 'Okafor', 'Mensah', 'Dlamini', 'Van der Berg', 'De Jong', 'Janssen', 'Peeters', 'Costa', 'Pereira',
    'Fernández', 'Torres', 'Ramírez', 'Mendoza', 'Castro', 'Ortiz', 'Vargas', 'Cohen', 'Levi'
]);

CREATE OR REPLACE MACRO email_of(person, account, local) AS
    CASE WHEN permille('free mail', person, 180)
    THEN local || person % 100000 || '@' || mostly('free host', person, ['gmail.com', 'outlook.com', 'yahoo.com', 'gmx.de'])
    ELSE local || '@' || one_of('company', account, [
            'acme', 'nord', 'blue', 'delta', 'summit', 'harbor', 'vertex', 'atlas', 'lumen', 'orbit', 'cedar', 'quanta'
        ]) || account || mostly('top level', account, ['.com', '.io', '.de', '.co.uk', '.net', '.fr', '.com.br'])
    END;

CREATE OR REPLACE MACRO phone_of(i) AS CASE draw('phone/format', i, 6)
    WHEN 0 THEN printf('+1 %d 555 %04d', 201 + draw('area', i, 780), draw('line', i, 10000))
    WHEN 1 THEN printf('(%d) %d-%04d', 201 + draw('area', i, 780), 200 + draw('office', i, 800), draw('line', i, 10000))
    WHEN 2 THEN printf('%d-%d-%04d', 201 + draw('area', i, 780), 200 + draw('office', i, 800), draw('line', i, 10000))
    WHEN 3 THEN printf('+49 %d %07d', 30 + draw('area', i, 900), draw('line', i, 10000000))
    WHEN 4 THEN printf('+44 20 %04d %04d', draw('office', i, 10000), draw('line', i, 10000))
    ELSE printf('%d%d%04d', 201 + draw('area', i, 780), 200 + draw('office', i, 800), draw('line', i, 10000))
END;

CREATE OR REPLACE MACRO state_of(country, i) AS CASE country
    WHEN 'United States' THEN mostly('state', i, [
        'California', 'Texas', 'New York', 'Florida', 'Illinois', 'Pennsylvania', 'Ohio', 'Georgia', 'Massachusetts',
        'Washington', 'Virginia', 'Colorado', 'New Jersey', 'Michigan', 'Arizona', 'North Carolina', 'Minnesota',
        'Oregon', 'Utah', 'Tennessee', 'Maryland', 'Missouri', 'Wisconsin', 'Indiana', 'Connecticut', 'Nevada', 'CA',
        'NY', 'TX', 'Iowa'
    ])
    WHEN 'Germany' THEN mostly('state', i, ['Bayern', 'Nordrhein-Westfalen', 'Berlin', 'Hamburg', 'Hessen', 'Sachsen'])
    WHEN 'Canada' THEN mostly('state', i, ['Ontario', 'Quebec', 'British Columbia', 'Alberta'])
    WHEN 'Australia' THEN mostly('state', i, ['New South Wales', 'Victoria', 'Queensland'])
    WHEN 'India' THEN mostly('state', i, ['Maharashtra', 'Karnataka', 'Delhi', 'Tamil Nadu', 'Telangana'])
    WHEN 'Brazil' THEN mostly('state', i, ['São Paulo', 'Rio de Janeiro', 'Minas Gerais'])
END;

CREATE OR REPLACE MACRO note_of(i) AS replace(one_of('note', i, [
    'Met at the fair, wants a demo in week #',
    'Said "call back in #" and hung up',
    'Left the company # months ago',
    'Uses a competitor; contract ends in # months',
    'Asked for a quote of # seats, "no later than Friday"',
    'Do not call before # o''clock',
    'Budget approved, # decision makers, next step: legal',
    'Duplicate of record #?'
]), '#', (2 + draw('note/number', i, 48))::VARCHAR);

-- Rows are numbered from 0. One contact in forty is a person who has been entered before.
CREATE OR REPLACE MACRO contacts(total) AS TABLE
WITH rows AS (
    SELECT
        range AS i,
        CASE WHEN permille('entered twice', range, 25) THEN greatest(0, range - 1 - draw('before', range, 5000)) ELSE range END
            AS person
    FROM range(total)
),
people AS (
    SELECT
        i,
        person,
        draw('account', person, greatest(1, total // 8)) AS account,
        first_name_of(person) AS first_name,
        last_name_of(person) AS last_name,
        CASE WHEN permille('domestic', i, 330) THEN 'United States' ELSE mostly('country', i, [
            'United States', 'Germany', 'United Kingdom', 'France', 'Canada', 'India', 'Brazil', 'Australia',
            'Netherlands', 'Spain', 'Italy', 'Japan', 'Sweden', 'Switzerland', 'Mexico', 'Poland', 'Singapore', 'Ireland',
            'Belgium', 'Austria', 'Denmark', 'Norway', 'Finland', 'Portugal', 'Israel', 'South Korea', 'South Africa',
            'United Arab Emirates', 'Argentina', 'Chile', 'Colombia', 'Czechia', 'Romania', 'Greece', 'Hungary', 'Turkey',
            'Indonesia', 'Malaysia', 'Thailand', 'Vietnam', 'Philippines', 'New Zealand', 'Nigeria', 'Kenya', 'Egypt',
            'Morocco', 'Saudi Arabia', 'Ukraine', 'Estonia', 'Latvia', 'Lithuania', 'Slovakia', 'Slovenia', 'Croatia',
            'Luxembourg', 'Iceland', 'Peru', 'Uruguay', 'Costa Rica', 'USA'
        ]) END AS country,
        TIMESTAMP '2016-01-01' + to_seconds(greatest(draw('created/1', i, 315360000), draw('created/2', i, 315360000)))
            AS created_at
    FROM rows
)
SELECT
    key('003', i) AS contact_id,
    CASE WHEN permille('account_id', i, 970) THEN key('001', account) END AS account_id,
    CASE WHEN permille('first_name', i, 985) THEN first_name END AS first_name,
    CASE WHEN permille('last_name', i, 4) THEN one_of('no name', i, ['-', 'Unknown', 'test']) ELSE last_name END AS last_name,
    CASE draw('email', i, 200)
        WHEN 0 THEN one_of('no email', i, ['n/a', 'none', 'N/A', 'unknown'])
        WHEN 1 THEN ' '
        WHEN 2 THEN NULL WHEN 3 THEN NULL WHEN 4 THEN NULL WHEN 5 THEN NULL WHEN 6 THEN NULL WHEN 7 THEN NULL
        ELSE email_of(person, account, lower(first_name || '.' || replace(replace(last_name, ' ', ''), '''', '')))
    END AS email,
    CASE
        WHEN permille('phone', i, 220) THEN NULL
        WHEN permille('no phone', i, 12) THEN one_of('no phone', i, ['n/a', '-', 'tbd'])
        ELSE phone_of(i)
    END AS phone,
    CASE WHEN permille('job_title', i, 910) THEN
        mostly('rank', i, [
            'Manager', 'Director', 'Head', 'VP', 'Senior Manager', 'Specialist', 'Lead', 'Analyst', 'Coordinator',
            'Consultant', 'Senior Director', 'SVP', 'Assistant', 'Intern'
        ]) || ', ' || mostly('function', i, [
            'Sales', 'Marketing', 'Operations', 'IT', 'Finance', 'Product', 'Customer Success', 'Revenue Operations',
            'Human Resources', 'Engineering', 'Procurement', 'Legal', 'Data', 'Partnerships'
        ])
    END AS job_title,
    CASE
        WHEN permille('industry', i, 60) THEN NULL
        WHEN permille('no industry', i, 20) THEN one_of('no industry', i, ['Unknown', 'N/A'])
        ELSE mostly('industry', i, [
            'Software', 'Financial Services', 'Manufacturing', 'Healthcare', 'Retail', 'Education', 'Telecommunications',
            'Professional Services', 'Insurance', 'Media', 'Logistics', 'Energy', 'Automotive', 'Pharmaceuticals',
            'Real Estate', 'Hospitality', 'Construction', 'Government', 'Agriculture', 'Aerospace', 'software',
            'Health Care', 'Manufacturng', 'Financial services', 'Non-profit'
        ])
    END AS industry,
    CASE WHEN permille('lifecycle_stage', i, 990) THEN mostly('lifecycle_stage', i, [
        'lead', 'subscriber', 'marketing qualified lead', 'customer', 'sales qualified lead', 'opportunity', 'evangelist',
        'other'
    ]) END AS lifecycle_stage,
    CASE WHEN permille('lead_source', i, 930) THEN mostly('lead_source', i, [
        'Web form', 'Organic search', 'Paid search', 'Trade show, Berlin', 'Referral', 'Outbound', 'Webinar',
        'Trade show, Las Vegas', 'Partner', 'Content "State of RevOps"', 'Social', 'List, purchased'
    ]) END AS lead_source,
    CASE WHEN permille('country', i, 965) THEN country END AS country,
    state_of(country, i) AS state,
    CASE WHEN permille('employees', i, 880) THEN
        ((10 + draw('employees', i, 90)) * [1, 1, 10, 10, 100, 1000][1 + skewed('employees/size', i, 6)])::INTEGER
    END AS employees,
    CASE WHEN permille('annual_revenue', i, 840) THEN
        ((1000 + draw('annual_revenue', i, 9000)) * [1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000][
            1 + least(skewed('revenue/size', i, 7), draw('revenue/size', i, 7))] + draw('cents', i, 100))::DOUBLE / 100
    END AS annual_revenue,
    ((draw('lead_score/1', i, 101) + draw('lead_score/2', i, 101)) // 2)::INTEGER AS lead_score,
    CASE WHEN permille('email_opt_in', i, 950) THEN draw('email_opt_in', i, 5) > 1 END AS email_opt_in,
    created_at,
    CASE WHEN permille('last_activity_at', i, 820) THEN
        created_at + to_seconds(skewed('last_activity_at', i, 31536000))
    END AS last_activity_at,
    key('005', skewed('owner_id', i, 400)) AS owner_id,
    CASE
        WHEN permille('notes', i, 140) THEN note_of(i)
        WHEN permille('no notes', i, 5) THEN '   '
    END AS notes
FROM people;
