"""The mureg.toml that `mureg init` writes: only the register beside it is set, every key is explained.

It has no price, no discount and no term: those are in the partner's contract and nowhere else.
"""

# A comment begins with "# ". A setting begins with "#" and no space: the user takes that sign away.
TEMPLATE = """\
# Настройки mureg. Уберите # перед строкой и впишите своё значение вместо …
# Settings of mureg. Take the # away from a line and put your value in the place of …

# Реестр заявлений: путь от этого файла или адрес postgresql:// | the register: a path from this file, or an address
db = "mureg.db"

# Партнёр, который продаёт лицензии | the partner who sells the licences
#[partner]
# Наименование, как в документах | the name, as documents have it
#name = "…"
# ИНН, 10 или 12 цифр | the taxpayer's number, 10 or 12 digits
#inn = "…"
# Код партнёра, необязательно | the partner's code, optional
#code = "…"
# КПП, необязательно | the КПП, optional
#kpp = "…"
# Кто подписывает акт сверки, необязательно: иначе впишут от руки | who signs the act, optional: else written by hand
#signatory = "…"
# Должность подписывающего, необязательно | the post of who signs, optional
#position = "…"

# Счёт партнёра для платёжного поручения, необязательно | the partner's account, for payment orders; optional
#[partner.bank]
# Расчётный счёт, 20 цифр | the account, 20 digits
#account = "…"
# БИК, 9 цифр | the bank's БИК, 9 digits
#bic = "…"
# Банк, как в справочнике БИК | the bank, as the directory of БИК names it
#bank = "…"
# Корреспондентский счёт, 20 цифр | the bank's correspondent account, 20 digits
#correspondent_account = "…"
# Город банка, необязательно | the bank's city, optional
#city = "…"

# Оператор, как он назван в акте сверки; всё необязательно | the operator, as the act names it; all of it is optional
#[operator]
# Наименование | the name
#name = "…"
# ИНН, 10 или 12 цифр | the taxpayer's number, 10 or 12 digits
#inn = "…"
# КПП | the КПП
#kpp = "…"
# Кто подписывает акт сверки | who signs the act
#signatory = "…"
# Должность подписывающего | the post of who signs
#position = "…"

# Счёт оператора для платёжного поручения, необязательно | the operator's account, for payment orders; optional
#[operator.bank]
# Расчётный счёт, 20 цифр | the account, 20 digits
#account = "…"
# БИК, 9 цифр | the bank's БИК, 9 digits
#bic = "…"
# Банк, как в справочнике БИК | the bank, as the directory of БИК names it
#bank = "…"
# Корреспондентский счёт, 20 цифр | the bank's correspondent account, 20 digits
#correspondent_account = "…"
# Город банка, необязательно | the bank's city, optional
#city = "…"

# Сублицензионный договор. Все цифры берите из него | the sublicence contract: take all figures from it
#[contract]
# Номер договора | its number
#number = "…"
# Дата договора: ГГГГ-ММ-ДД без кавычек, необязательно | its date: YYYY-MM-DD without quotes, optional
#signed_on = …
# Срок лицензии в месяцах: число без кавычек | the licence's term in months: a number without quotes
#term_months = …
# Округление копеек: "licence" на каждой лицензии, "total" на итоге | kopecks are rounded per licence or on the total
#rounding = "licence"
# Строка об НДС под итогами, необязательно | a line about VAT under the totals, optional
#vat_note = "…"

# Цена одной лицензии. Блок повторяется: вид, новая цена | the list price of one licence; repeat for a tier, a new price
#[[contract.price]]
# Вид расширения: "2-9" или "10+"; без строки для обоих | the tier; without the line, for both
#tier = "2-9"
# Рублей за лицензию, в кавычках | roubles of one licence, in quotes
#amount = "…"
# С какого дня: ГГГГ-ММ-ДД без кавычек | from which day on: YYYY-MM-DD without quotes
#from = …

# Скидка партнёра. Блок повторяется, как у цены | the partner discount; repeat as with the price
#[[contract.discount]]
# Вид расширения; без строки для обоих | the tier; without the line, for both
#tier = "2-9"
# Процент, в кавычках, со знаком % | percent, in quotes, with the sign %
#rate = "…"
# С какого дня: ГГГГ-ММ-ДД без кавычек | from which day on: YYYY-MM-DD without quotes
#from = …

# Как читать таблицу: --profile operator. Имя любое, профилей сколько угодно | how to read a table; name it as you like
#[profile.operator]
# Что в таблице: "statement" (отчёт) или "applications" (заявления) | what the table holds
#kind = "statement"
# Кодировка CSV: utf-8, utf-8-sig, utf-16, cp1251, cp866 | the encoding of a CSV
#encoding = "cp1251"
# Разделитель CSV: один из ; , | или "\\t" | the delimiter of a CSV
#delimiter = ";"
# Лист книги Excel | the sheet of a workbook
#sheet = "…"
# Вид дат: %d день, %m месяц, %Y год | how dates are written: day, month, year
#date_format = "%d.%m.%Y"
# Заголовки таблицы для полей mureg | the table's headers for mureg's fields
#[profile.operator.columns]
# Слева поле mureg, справа заголовок столбца | mureg's field on the left, the column's header on the right
#payable = "…"

# Больший файл не читается | a larger file is refused
#[limits]
# Байт в файле | bytes of a file
#file_bytes = 1073741824
# Байт того, что читается целиком: XML, одно заявление в JSON | bytes of what is held whole: an XML, a JSON object
#whole_bytes = 16777216
# Строк в файле | rows of a file
#rows = 5000000
# Ячеек в книге Excel и в отчёте оператора в JSON | cells of a workbook and of a statement in JSON
#cells = 1500000
# Столбцов таблицы, полей одного заявления | columns of a table, fields of one application
#fields = 100000
# Знаков в ячейке | characters of a field
#field_characters = 10000
# Уровней вложенности XML и JSON | levels of XML and JSON
#nesting = 100
# После стольких ошибок файл дальше не читается | after so many faults the rest is not read
#faults = 10000
"""
