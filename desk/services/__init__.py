"""What desk does on several leads at once; everything else is done by the services of leads."""
