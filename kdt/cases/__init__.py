"""Cases, escalations, their record and its way in and out."""
