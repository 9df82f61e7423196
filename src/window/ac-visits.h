/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person has looked at, one after the other, to go back and forward through it as in a
 * browser. Plain data; it shows nothing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *page; /* its name */
  char *id;   /* nullable: of what was looked at on it */
} AcVisit;

typedef struct _AcVisits AcVisits;

AcVisits *ac_visits_new (void);
void ac_visits_free (AcVisits *visits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcVisits, ac_visits_free)

void ac_visits_add (AcVisits *visits, const char *page, const char *id);
const AcVisit *ac_visits_get_current (const AcVisits *visits);
gboolean ac_visits_can_step (const AcVisits *visits, int by);
const AcVisit *ac_visits_step (AcVisits *visits, int by);

G_END_DECLS
