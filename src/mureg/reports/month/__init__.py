"""The documents of a month: act of reconciliation and list of licences."""
