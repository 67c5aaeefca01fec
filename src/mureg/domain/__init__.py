"""The rules of the option, of money and of the month, as pure functions: no files, no database, no clock, no printing.

payments/           bank accounts, and the order to pay an invoice
reconciliation/     the operator's statement, and its rows matched with charges
application.py      an application: the client's request, the partner's decision, and what follows from both
warnings.py         what to look at before processing
licence.py          what processing sells, replaces and ends
sale.py             sales of licences, which a month charges
licence_replay.py   licences computed anew, as if something had been processed otherwise
licence_list.py     a licence as a list shows it: days left, renewal, the tier that is needed
today.py            what needs a person today
contract.py         dated prices and discounts, and the charge of a sale
quote.py            what a licence costs, before it is charged
settlement.py       our computation of a month
money.py            kopecks and rates, and the only rounding
dates.py            dates, months and terms
identifiers.py      ИНН, КПП, ОГРН, СНИЛС
text.py             text as it is compared, and as it is shown
columns.py          rows of one kind held by columns
"""
