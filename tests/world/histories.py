"""Histories that went wrong once, each the smallest that did: what happened, as the machine prints it."""

RENAMED_THEN_REMOVED = """
2026-03-02 09:00  inforce release privacy --summary First. --effective today
2026-03-02 10:00  write policy/privacy/contact.md '## Contact\\n\\nWrite to us.\\n'
2026-03-02 10:00  inforce clause rename privacy cookies crumbs
2026-03-02 11:00  inforce release privacy --summary Second. --effective today --severity contact=notice --note contact=Shorter. --severity crumbs=notice --note 'crumbs=Another name.' --waive-notice Urgent.
2026-03-02 12:00  inforce clause remove privacy crumbs --severity notice --note Gone.
2026-03-02 13:00  inforce release privacy --summary Third. --effective 2026-05-01
"""

MERGED_THEN_REMOVED = """
2026-03-02 09:00  inforce release privacy --summary First. --effective today
2026-03-02 10:00  inforce clause merge privacy rights contact
2026-03-02 11:00  inforce release privacy --summary Second. --effective today --severity contact=notice --note contact=One. --waive-notice Urgent.
2026-03-02 12:00  inforce clause remove privacy contact --severity notice --note Gone.
2026-03-02 13:00  inforce release privacy --summary Third. --effective 2026-05-01
"""

CHANGED_THEN_RENAMED = """
2026-03-02 09:00  inforce release privacy --summary First. --effective today
2026-03-02 10:00  write policy/privacy/contact.md "## Contact\\n\\nWe don't call. See [cookies](#cookies).\\n\\nWe keep calls for ten years.\\n"
2026-03-02 11:00  inforce release privacy --summary Second. --effective today --severity contact=material --note 'contact=We keep calls for ten years.' --waive-notice Urgent.
2026-03-02 12:00  inforce clause rename privacy contact reach
2026-03-02 13:00  inforce release privacy --summary Third. --effective today --severity reach=editorial --editorial-because 'reach=Its id alone.'
"""

SPLIT_OFF_THEN_CHANGED = """
2026-03-02 09:00  inforce release privacy --summary First. --effective today
2026-03-02 10:00  inforce clause split privacy rights calls --at Calls
2026-03-02 11:00  inforce release privacy --summary Second. --effective today --severity rights=notice --note 'rights=Shorter now.' --severity calls=material --note 'calls=A clause of its own.' --waive-notice Urgent.
2026-03-02 12:00  write policy/privacy/calls.md '## Calls\\n\\nWe keep calls for ten years.\\n'
2026-03-02 13:00  inforce release privacy --summary Third. --effective today --severity calls=material --note 'calls=Ten years.' --waive-notice Urgent.
"""

TITLE_NOT_RELEASED = """
2026-03-02 09:00  inforce release privacy --summary First. --effective today
2026-03-02 10:00  replace policy/privacy/policy.yml 'title: "Shop Privacy"' 'title: "Shop Privacy zq1x"'
"""

WITHDRAWN_SPEAKS = """
2026-03-02 09:00  inforce release privacy --summary First. --effective today
2026-03-02 10:00  replace policy/privacy/policy.yml 'title: "Shop Privacy"' 'title: "All about data"'
2026-03-02 10:00  replace policy/privacy/policy.yml 'kind: "privacy-policy"' 'kind: "policy"'
2026-03-02 11:00  inforce release privacy --summary 'Another title.' --effective 2026-05-01
2026-03-02 12:00  inforce withdraw privacy --reason 'Too early.'
2026-03-02 13:00  replace policy/privacy/policy.yml 'title: "All about data"' 'title: "Shop Privacy"'
"""

APOSTROPHE = """
2026-03-02 09:00  inforce release privacy --summary First. --effective today
2026-03-02 10:00  write policy/privacy/contact.md '## Contact\\n\\nWe don’t call. See [cookies](#cookies).\\n\\nWrite to us.\\n'
2026-03-02 11:00  inforce release privacy --summary Second. --effective today --severity contact=editorial --editorial-because 'contact=Typography.'
"""

COMMAS = """
2026-03-02 09:00  inforce release privacy --summary First. --effective today
2026-03-02 10:00  write policy/privacy/rights.md '## Rights\\n\\nWe tell names, addresses, and mails.\\n\\n### Calls\\n\\nWe keep calls for six years.\\n'
2026-03-02 11:00  inforce release privacy --summary Second. --effective today --severity rights=editorial --editorial-because 'rights=Commas.'
"""

RESTORED_OVER_A_RENAME = """
2026-03-02 09:00  inforce release privacy --summary First. --effective today
2026-03-02 10:00  write policy/privacy/contact.md '## Contact\\n\\nWrite to us.\\n'
2026-03-02 10:00  inforce clause rename privacy cookies crumbs
2026-03-02 11:00  inforce release privacy --summary Second. --effective today --severity contact=notice --note contact=Shorter. --severity crumbs=notice --note 'crumbs=Another name.' --waive-notice Urgent.
2026-03-02 12:00  inforce draft privacy --from 1.0 --yes
2026-03-02 13:00  inforce release privacy --summary 'As before.' --effective today --severity contact=notice --note contact=Longer. --severity cookies=notice --note 'cookies=Its former name.' --severity crumbs=notice --note 'crumbs=Its former name.' --waive-notice Urgent.
"""
