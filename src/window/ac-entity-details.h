/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window with what is known of one thing of an investigation, such as a device or a mailbox, and what
 * was done to it: by whom, with which comment, and what came of it. It decides nothing. */
#pragma once

#include <adwaita.h>

#include "client/ac-answers.h"

G_BEGIN_DECLS

#define AC_TYPE_ENTITY_DETAILS (ac_entity_details_get_type ())
G_DECLARE_FINAL_TYPE (AcEntityDetails, ac_entity_details, AC, ENTITY_DETAILS, AdwWindow)

GtkWindow *
ac_entity_details_new (GtkWindow *parent, AcInvestigation *investigation, AcEntity *entity);

G_END_DECLS
