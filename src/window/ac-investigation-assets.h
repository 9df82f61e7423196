/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The mailboxes and the devices of an investigation, as rows of a table: what is known of each, and
 * how much of the investigation is about it. Holds no widget. */
#pragma once

#include "model/ac-investigation.h"

G_BEGIN_DECLS

/* Name, actions, pending actions, evidence. */
#define AC_INVESTIGATION_ASSET_COLUMNS 4

void
ac_investigation_assets_append (GPtrArray *rows, AcInvestigation *investigation, AcEntityType type);

G_END_DECLS
