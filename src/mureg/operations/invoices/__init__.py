"""The vendor's invoices, and how they are paid.

invoices.py       the vendor's invoices
payment_order.py  the order to pay an invoice
payments.py       invoices marked as paid by a client bank's export
"""
