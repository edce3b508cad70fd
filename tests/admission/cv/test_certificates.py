"""A certificate of a course is no CV; a CV that names certificates stays one."""

from __future__ import annotations

import pytest

from tests.admission.cv.papers import STATIONS, analysed

CERTIFICATES = {
    "attended": """Akademie Nordlicht GmbH
Teilnahmebestätigung
Frau Wiebke Feldhusen hat vom 12.03.2024 bis 15.03.2024 an dem Seminar
Projektmanagement für Führungskräfte
teilgenommen.
Dr. Jens Aldenhoff
Geschäftsführer""",
    "modules": """Zertifikat
Herr Jürgen Maaßdorf hat den Lehrgang mit Erfolg abgeschlossen.
Modul 1: Krisenfrüherkennung 01/2023 - 02/2023
Modul 2: Sanierungskonzepte 02/2023 - 03/2023
Modul 3: Insolvenzrecht 04/2023 - 05/2023
Modul 4: Verhandlungsführung mit Banken 05/2023 - 06/2023
Prof. Dr. Anke Roth, Leiterin des Instituts""",
    "apart": "Z E R T I F I K A T\nDie Steinbruck Akademie verleiht\nPetra Ahlers\nden Titel Certified Change Manager\nGültig bis 13. November 2022",
    "below": "Volkshochschule Bielefeld\nBescheinigung über die Teilnahme\n2019 Excel für Controller\n2020 Power BI\nKenntnisse\nPivot",
    "deed": "Urkunde\nDie Rheinwerk Schule bescheinigt Olaf Timm die erfolgreiche Teilnahme\n3. bis 7. April 2017\nVorsitzender des Ausschusses",
    "course": "De Brug B.V.\nCertificaat\nAnneke van der Berg heeft de cursus met goed gevolg afgerond\n12 januari 2023 - 30 maart 2023\ndirecteur",
    "programme": """Getuigschrift
De heer P. Jansen, geboren op 3 april 1970, heeft de leergang doorlopen.
Module 1: Rol van de interim-manager 09-2020 - 10-2020
Module 2: Financieel directeur ad interim 02-2021 - 06-2021""",
    "proof": "Nyvaart\nBewijs van deelname\nTraining: Strategisch leiderschap\n5 september 2019\nDocent: H. Bakker, voormalig CEO",
    "attendance": "Harbour School of Management Ltd\nCertificate of Attendance\nJoan Harper\n4 March 2023 to 8 March 2023\nDr Alan Pike, Director",
    "completion": """Harbour Institute
Certificate
awarded to Joan Harper, Interim Manager
Jan 2022 - Feb 2022 Financial reporting
Mar 2022 - Apr 2022 Treasury for a Chief Financial Officer""",
}  # fmt: skip
CVS = {
    "headed": f"Wiebke Feldhusen\nZertifikat\nTeilnahmebestätigung\n{STATIONS}",
    "without headings": """Jürgen Maaßdorf
Zertifikat: Six Sigma Black Belt
Teilnahmebestätigung Scrum 2019
2012 - heute Werkleiter, Aldenhoff GmbH, Automobilzulieferer, 300 Mitarbeiter
2005 - 2012 Produktionsleiter, Roth KG""",
    "undated": "Harriet Cole\nProfile\nCertificate\nLeading Change, 2019\nManaging Director, Ward Ltd\nLed a site of 200\nDirector, Cole plc",
    "one station": "Joan Harper\nCertificate of attendance, Harbour School, 2020\nCertificate\nFinance director, Bolt plc, 2010 to 2015",
    "called so": "Lebenslauf\nBernd Castrup\nZertifikat\nKaufmann, hat an Programmen teilgenommen",
    "in words": "Petra Ahlers\nInterim Managerin\nZertifikat Change Manager\nMit Erfolg teilgenommen an Programmen\nMandat: Werk in Bremen",
    "goes on": "Katrin Ostendorff\nZertifikat\nhat teilgenommen an Programmen\nSeit 2008 Interim Managerin für diverse Kunden",
}  # fmt: skip


@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_without_stations_is_no_cv(name):
    assert analysed(CERTIFICATES[name]).kind == "other"


@pytest.mark.parametrize("name", CVS)
def test_a_cv_may_name_certificates(name):
    assert analysed(CVS[name]).kind == "cv"
