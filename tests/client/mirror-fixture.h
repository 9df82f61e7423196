/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mirror in a folder of its own, filled without a service. */
#pragma once

#include "client/ac-mirror-action-source.h"
#include "client/ac-mirror-write.h"
#include "harness.h"

G_BEGIN_DECLS

typedef struct
{
  char *folder;
  AcMirror *mirror;
  AcMirrorActionSource *source;
  gint64 generation;
} MirrorFixture;

void mirror_fixture_set_up (MirrorFixture *fixture, gconstpointer data);
void mirror_fixture_tear_down (MirrorFixture *fixture, gconstpointer data);
void mirror_fixture_open (MirrorFixture *fixture);
void mirror_fixture_close (MirrorFixture *fixture);
void remove_folder (const char *folder);

/* A synthetic action, the same for the same number; every member of the API is used by some. */
char *synthetic_action (guint number, guint n_all);
void mirror_fixture_fill (MirrorFixture *fixture, guint n);
void mirror_fixture_begin (MirrorFixture *fixture, const char *token);
AcMirrorOutcome *mirror_fixture_add (MirrorFixture *fixture, const char *page);
AcMirrorOutcome *mirror_fixture_end (MirrorFixture *fixture);
AcMirrorOutcome *mirror_fixture_change (MirrorFixture *fixture, const char *page);
void mirror_fixture_index (MirrorFixture *fixture);

GArray *keys_of (MirrorFixture *fixture, AcActionQuery *query);

G_END_DECLS
