"""Bank accounts, and the order to pay an invoice.

bank_account.py  accounts in banks, and the keys in them
payment.py       a payment, and the invoice that it names
"""
